// Campaigns: each person gets one message, which the row of the list names; nobody who opted out does; no campaign is lost.
import { countsOf } from '../../../server/features/campaigns/counts-store.ts';
import { sql } from '../../../server/kit/db/sql.ts';
import { toUuid } from '../../../server/kit/ids.ts';
import { personOf } from '../actors.ts';
import type { Campaign, Played, SendRequest } from '../played.ts';

interface CampaignState {
  id: string;
  state: string;
  frozen: boolean;
  listed: number;
  rows: number;
}

interface Recipient {
  campaign_id: string;
  contact_id: string;
  state: string;
  reason: string | null;
  message_id: string | null;
  accepted_at: Date | null;
  account_id: string | null;
  addresses: string[];
}

interface CampaignMessage {
  id: string;
  campaign_id: string;
  contact_id: string;
  account_id: string;
  address: string;
  category: string | null;
  type: string;
  /** Its first event. */
  event: number;
  /** The event of its first call; null without any. */
  called: number | null;
  /** The last event of a contact that became the one of this message. */
  merged: number;
}

/** Whether somebody may have cancelled what waited for this message's person or campaign, without asking for it by name. */
export function barredBy(played: Played, request: SendRequest): boolean {
  const { optOuts, forgotten, erasures, requests } = played;
  const { campaign } = request;
  const person = whoGets(request);
  if (optOuts.some(one => one.person === person)) return true;
  if (!campaign) return false;
  const gone = [...forgotten, ...erasures.values()];
  // A merge leaves one of two messages.
  const isTwice = requests.some(one => one !== request && one.campaign === campaign && whoGets(one) === person);
  return campaign.isCancelAsked || isTwice || gone.some(one => one.person === person);
}

const whoGets = ({ body }: SendRequest): string => personOf(body.to ?? ('user_id' in body ? (body.user_id ?? '') : ''));

/** Says what is broken of campaigns. */
export async function brokenCampaigns(played: Played): Promise<string[]> {
  const { world, campaigns } = played;
  if (campaigns.length === 0) return [];
  const ids = campaigns.map(({ id }) => id);
  const states = await world.database.query<CampaignState>(sql`
    select k.id, k.state, k.frozen_at is not null as frozen, k.listed,
      (select count(*)::int from campaign_recipient r where r.campaign_id = k.id) as rows
    from campaign k where k.id = any (${ids}::uuid[])`);
  const recipients = await world.database.query<Recipient>(sql`
    select r.campaign_id, r.contact_id, r.state, r.reason, r.message_id, r.accepted_at, r.account_id,
      array(select x.value from contact_address x join contact c on c.id = r.contact_id
        where x.contact_id = coalesce(c.merged_into, c.id) order by 1) as addresses
    from campaign_recipient r where r.campaign_id = any (${ids}::uuid[]) order by r.campaign_id, r.number`);
  const messages = await world.database.query<CampaignMessage>(sql`
    select m.id, m.campaign_id, m.contact_id, m.account_id, m.address, m.category, m.type,
      (select min(e.id) from events_of(array[m.id]) e) as event,
      (select min(e.id) from events_of(array[m.id]) e where e.type = 'message.sending') as called,
      (select coalesce(max(e.id), 0) from event e where e.workspace_id = m.workspace_id and e.type = 'contact.merged'
        and e.data->>'contact_id' = m.contact_id::text) as merged
    from message m where m.campaign_id = any (${ids}::uuid[]) order by m.seq`);
  const living = await world.database.query<{ id: string }>(sql`select id from contact
    where id = any (${campaigns.flatMap(contactsOf)}::uuid[]) and deleted_at is null`);
  const broken = campaigns.flatMap(campaign => {
    const state = states.find(({ id }) => id === campaign.id);
    if (!state) return ['a campaign is gone'];
    const own = {
      recipients: recipients.filter(row => row.campaign_id === campaign.id),
      messages: messages.filter(row => row.campaign_id === campaign.id),
    };
    const missing = living.filter(({ id }) => contactsOf(campaign).includes(id));
    return [
      ...brokenRows(played, own),
      ...brokenEnd(state, own),
      ...unfoundedReasons(played, campaign, own.recipients),
      ...brokenPace(played, campaign, own.recipients),
      ...(state.frozen && missing.some(({ id }) => !own.recipients.some(row => row.contact_id === id))
        ? ['a person of the audience is not in the list of its campaign']
        : []),
    ];
  });
  return [...new Set([...broken, ...sentInSpite(played, messages), ...(await campaignMiscounts(played))])];
}

const contactsOf = ({ settings }: Campaign): string[] =>
  settings.include.flatMap(source => source.contact_ids?.map(toUuid) ?? []);

interface Own {
  recipients: Recipient[];
  messages: CampaignMessage[];
}

/** A recipient has a message if and only if the row says so, and a person has one at most. */
function brokenRows({ erasures, fed }: Played, { recipients, messages }: Own): string[] {
  const broken: string[] = [];
  const erased = new Set([...erasures.values()].flatMap(erasing => [...erasing.messages]));
  const named = new Map(recipients.map(row => [row.message_id, row]));
  for (const { message_id: id, state } of recipients) {
    if ((id !== null) !== (state === 'accepted'))
      broken.push(`a recipient is ${state} ${id ? 'with' : 'without'} a message`);
    if (id !== null && !messages.some(message => message.id === id) && !erased.has(id))
      broken.push('the message of a recipient is not there');
  }
  for (const { id } of messages) {
    if (!named.has(id)) broken.push('a message of a campaign is of no recipient');
    if (!fed.has(id)) broken.push('a message of a campaign was never asked for');
  }
  // Before the merge nobody knew that they were one.
  for (const [place, one] of messages.entries())
    for (const other of messages.slice(place + 1))
      if (one.contact_id === other.contact_id && one.merged < Math.max(one.event, other.event))
        broken.push('a person has two messages of a campaign');
  for (const [place, one] of messages.entries())
    for (const other of messages.slice(place + 1))
      if (one.contact_id === other.contact_id && Math.min(one.called ?? 0, other.called ?? 0) > one.merged)
        broken.push('a merge left both messages of a campaign to a person');
  return broken;
}

/** At the end nobody is still to get a message, but of a campaign that is stopped. */
function brokenEnd({ state, frozen, listed, rows }: CampaignState, { recipients }: Own): string[] {
  const pending = recipients.filter(row => row.state === 'pending').length;
  return [
    ...(['done', 'cancelled'].includes(state) && pending > 0
      ? [`a campaign is ${state}, and ${pending} are to get it`]
      : []),
    ...(frozen && listed !== rows ? [`a campaign lists ${rows} and counts ${listed}`] : []),
  ];
}

/** Each who gets nothing has a reason that there is. */
function unfoundedReasons(
  { meta, optOuts, forgotten, erasures, accounts, templates, requests }: Played,
  { settings }: Campaign,
  recipients: Recipient[],
): string[] {
  const gone = [...forgotten, ...erasures.values()];
  const isMerged = requests.some(({ body }) => 'user_id' in body && body.user_id !== undefined);
  const hasOffers = templates.length > 0;
  const grounds: Record<string, (row: Recipient) => boolean> = {
    opted_out: ({ addresses }) =>
      optOuts.some(one => addresses.length === 0 || addresses.map(personOf).includes(one.person)),
    erased: () => gone.length > 0,
    no_number: () => gone.length > 0,
    duplicate: () => isMerged || meta.posts.some(({ item }) => 'userId' in item),
    window_closed: () => meta.hasWindow,
    frequency_cap: () => hasOffers && settings.caps.day !== null,
    unanswered_cap: () => hasOffers && settings.caps.unanswered !== null,
    unreachable: () => true,
    // Of an account that is gone.
    account_not_found: ({ account_id: account }) =>
      accounts.some(({ id, deleted, isPurged }) => toUuid(id) === account && (deleted !== undefined || isPurged)),
  };
  return recipients
    .filter(({ state }) => state === 'left_out' || state === 'rejected')
    .filter(row => !grounds[row.reason ?? '']?.(row))
    .map(({ state, reason }) => `a recipient is ${state} as ${reason}, for which there is no ground`);
}

/** No more in a minute than the campaign may; its clock is read before it has its locks. */
function brokenPace({ clockSet }: Played, { settings }: Campaign, recipients: Recipient[]): string[] {
  const most = settings.rate_per_minute;
  if (most === null || clockSet) return [];
  const times = recipients.flatMap(row => row.accepted_at?.getTime() ?? []);
  const isOver = times.some(time => times.filter(other => other >= time && other < time + 50_000).length > most);
  return isOver ? [`a campaign of ${most} a minute accepted more`] : [];
}

/** Nobody gets anything that was accepted after they had opted out of it. */
function sentInSpite({ optOuts }: Played, messages: CampaignMessage[]): string[] {
  const isBarred = (message: CampaignMessage) =>
    optOuts.some(
      ({ category, addresses, afterEvent }) =>
        addresses.includes(message.address) &&
        message.event > afterEvent &&
        (category === 'all' || message.type !== 'template' || message.category === 'marketing'),
    );
  return messages.some(isBarred) ? ['a campaign writes to somebody who had opted out'] : [];
}

/** The kept counts of campaigns, and a recount. */
async function campaignMiscounts({ world, campaigns, erasures }: Played): Promise<string[]> {
  const ids = campaigns.map(({ id }) => id);
  const kept = await countsOf(world.database, ids);
  const recount = await world.database.query<{
    campaign_id: string;
    of: string;
    value: string;
    code: string;
    n: number;
  }>(sql`
    select campaign_id, 'recipient' as of, state as value, coalesce(reason, '') as code, count(*)::int as n
      from campaign_recipient where campaign_id = any (${ids}::uuid[]) group by 1, 3, 4
    union all select campaign_id, 'message', status, coalesce(error_code, ''), count(*)::int
      from message where campaign_id = any (${ids}::uuid[]) group by 1, 3, 4
    union all select campaign_id, 'reply', reply_kind, '', count(*)::int
      from campaign_recipient where campaign_id = any (${ids}::uuid[]) and reply_kind is not null group by 1, 3
    union all select campaign_id, 'opted_out', '', '', count(*)::int
      from campaign_recipient where campaign_id = any (${ids}::uuid[]) and opted_out_at is not null group by 1`);
  const keyOf = ({ campaign_id, of, value, code }: Omit<(typeof recount)[number], 'n'>) =>
    [campaign_id, of, value, code].join(' ');
  const counted = new Map(kept.map(row => [keyOf(row), row.n]));
  const there = new Map(recount.map(row => [keyOf(row), row.n]));
  const rows = new Map([...kept, ...recount].map(row => [keyOf(row), row]));
  return [...rows].flatMap(([key, { of, value, code }]) => {
    const [n, again] = [counted.get(key) ?? 0, there.get(key) ?? 0];
    // Counts of the moment stay when somebody is erased.
    if (n === again || (of === 'message' && erasures.size > 0 && n > again)) return [];
    return [`${of} of a campaign as ${value} ${code}: counted ${n}, recounted ${again}`];
  });
}
