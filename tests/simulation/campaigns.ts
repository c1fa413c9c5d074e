// Campaigns in a schedule: people make, start, pause, resume and cancel them, and recipients opt out meanwhile.
import { wholeCampaign } from '../../contract/campaigns/settings.ts';
import { cancel, pause, resume, start, unschedule } from '../../server/features/campaigns/moves.ts';
import { findCampaign, insertCampaign } from '../../server/features/campaigns/store.ts';
import { cancelBarred, insertOptOuts } from '../../server/features/opt-outs/store.ts';
import { resolveUnknown } from '../../server/features/outcomes/resolve-store.ts';
import { lockLanes } from '../../server/features/queue/index.ts';
import type { Queryable } from '../../server/kit/db/database.ts';
import { sql } from '../../server/kit/db/sql.ts';
import type { Caller } from '../../server/kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { people, personOf, userIdOf } from './actors.ts';
import type { Environment } from './environment.ts';
import type { Node } from './node.ts';
import { actAt } from './operators.ts';
import type { Account, Campaign, Played, Seen, SendRequest } from './played.ts';
import { isSettling } from './rest.ts';
import { everyCall } from './rows.ts';

const mostCampaigns = 2;
/** So often what an unknown outcome keeps up is decided at the end. */
const mostDecisions = 20;

/** The answers to a person who moves a campaign. */
const refusals = ['campaign_state', 'campaign_not_ready', 'invalid_request'];

type Verb = 'start' | 'unschedule' | 'pause' | 'resume' | 'cancel';

/**
 * Makes the people that campaigns may write to, each with a conversation: with whom they talk decides which account sends
 * to them, and the ids of a schedule are others each time.
 */
export async function makePeople(
  { world, accounts }: Played,
  { workspaceId }: Environment,
  hasUserIds: boolean,
): Promise<void> {
  const addresses = hasUserIds ? people.flatMap(person => [person, userIdOf(person)]) : people;
  for (const address of addresses) {
    const account = toUuid(world.random.pick(accounts).id);
    // Lists have the order of the ids, which begin with the millisecond.
    for (const before = Date.now(); Date.now() === before; ) await world.settled();
    await world.database.query(sql`select ensure_conversations(${[workspaceId]}::uuid[], ${[account]}::uuid[],
      ${[address]}::text[], ${[newUuid()]}::uuid[], ${[newUuid()]}::uuid[], '{accepted}', ${new Date(world.now())})`);
  }
}

/** The settings of a campaign to these contacts. */
function drawSettings(
  { world, accounts, templates }: Played,
  contacts: string[],
  now: number,
): ReturnType<typeof wholeCampaign> {
  const { random } = world;
  const senders = random.chance(0.6) ? accounts : [random.pick(accounts)];
  const some = contacts.filter(() => random.chance(0.85));
  const isTemplate = templates.length > 0 && random.chance(0.7);
  const template = isTemplate ? random.pick(templates).name : '';
  return wholeCampaign({
    account_ids: senders.map(({ id }) => id),
    include: [{ contact_ids: (some.length > 0 ? some : contacts).map(id => toId('contact', id)) }],
    variants: [
      {
        share: 100,
        message: isTemplate
          ? { type: 'template', template: { name: template, language: { code: 'en' } } }
          : { type: 'text', text: { body: 'hello' } },
      },
    ],
    recipients_at: random.pick(['start', 'schedule']),
    start: {
      ...(random.chance(0.35) && { at: new Date(now + random.whole(1, 60) * 1_000).toISOString() }),
      missed: random.pick(['ask', 'start', 'skip']),
    },
    waves: random.chance(0.35)
      ? { sizes: [random.whole(1, 2)], receipts: random.pick([50, 100]), wait_minutes: 1 }
      : null,
    rate_per_minute: random.chance(0.3) ? random.pick([1, 90]) : null,
    hours: random.chance(0.1) ? { from: '12:00', until: '23:00' } : null,
    daily_share: random.pick([80, 100]),
    ...(random.chance(0.7) && { caps: { day: null, week: null, month: null, unanswered: null } }),
  });
}

/** Messages of campaigns become requests like others, so that every promise is asked of them, too. */
export async function noteFed({ world, campaigns, requests, accounts, fed }: Played): Promise<void> {
  if (campaigns.length === 0) return;
  const rows = await world.database.query<{ id: string; campaign_id: string; account_id: string; address: string }>(sql`
    select id, campaign_id, account_id, address from message
    where campaign_id = any (${campaigns.map(({ id }) => id)}::uuid[]) order by seq`);
  const known = new Set(requests.flatMap(({ id }) => (id === undefined ? [] : toUuid(id))));
  for (const row of rows) {
    const body = fed.get(row.id);
    const account = accounts.find(({ id }) => toUuid(id) === row.account_id);
    const campaign = campaigns.find(({ id }) => id === row.campaign_id);
    if (known.has(row.id) || !body || !account || !campaign) continue;
    requests.push(requestOf(row, account, campaign, { ...body, to: personOf(row.address) }));
  }
}

const requestOf = (
  { id }: { id: string },
  account: Account,
  campaign: Campaign,
  body: SendRequest['body'],
): SendRequest => ({
  key: `campaign ${id}`,
  account,
  body,
  campaign,
  id: toId('message', id),
  refused: undefined,
  at: undefined,
  cancelled: false,
  isCancelAsked: false,
  isRetriedByName: false,
});

export class Campaigners {
  private decisions = 0;

  constructor(
    private readonly played: Played,
    private readonly nodes: Node[],
    private readonly caller: Caller,
  ) {}

  /** Does something to a campaign, or lets a recipient opt out. */
  meddle(): void {
    const { world, campaigns } = this.played;
    const { random } = world;
    const there = campaigns.length > 0 ? 1 : 0;
    const action = random.weighted({
      make: campaigns.length < mostCampaigns ? 1 : 0,
      pause: 3 * there,
      resume: 3 * there,
      cancel: 0.6 * there,
      start: there,
      unschedule: 0.3 * there,
      optOut: 0.6,
    });
    if (action === 'make') this.make();
    else if (action === 'optOut') this.optOut(random.pick(people), random.pick(['all', 'marketing']));
    else this.move(random.pick(campaigns), action);
  }

  /** Makes a campaign to contacts that there are, and starts or schedules it. */
  make(): void {
    const { world, campaigns } = this.played;
    const { workspaceId } = this.caller;
    const ending = world.random.weighted({ resume: 3, cancel: 1, leave: 1 });
    this.act('makes a campaign', async node => {
      const at = new Date(world.clockOf(node).now());
      const work = async (tx: Queryable) => {
        const contacts = await tx.query<{ id: string }>(sql`select id from contact c
          where workspace_id = ${workspaceId} and deleted_at is null
          order by (select min(x.value) from contact_address x where x.contact_id = c.id), created_at`);
        if (contacts.length === 0) return undefined;
        const ids = contacts.map(({ id }) => id);
        const settings = drawSettings(this.played, ids, at.getTime());
        const id = await insertCampaign(tx, workspaceId, { name: 'Campaign', settings, createdBy: this.who });
        const row = await findCampaign(tx, workspaceId, id, 'update');
        if (row) await start(tx, row, { by: this.who, at, isNow: false, people: ids.length, scope: null });
        return { id, settings };
      };
      const made = await world.committed(node, 'move a campaign', work, result => {
        if (result) campaigns.push({ ...result, ending, isCancelAsked: false, stopped: undefined });
      });
      if (made) node.engine.wake('campaign', made.id);
    });
  }

  private move(campaign: Campaign, verb: Verb): void {
    const { world } = this.played;
    if (verb === 'cancel') campaign.isCancelAsked = true;
    this.act(`wishes to ${verb} ${this.nameOf(campaign)}`, async node => {
      const at = new Date(world.clockOf(node).now());
      const work = async (tx: Queryable) => {
        const row = await findCampaign(tx, this.caller.workspaceId, campaign.id, 'update');
        if (!row) return;
        if (verb === 'start') await start(tx, row, { by: this.who, at, isNow: true, people: 1, scope: null });
        else if (verb === 'pause') await pause(tx, row, null, at);
        else if (verb === 'cancel') await cancel(tx, row, null, at);
        else await (verb === 'resume' ? resume : unschedule)(tx, row, at);
      };
      await world.committed(node, 'move a campaign', work, () => {});
      node.engine.wake('campaign', campaign.id);
    });
  }

  /** A contact of this person opts out. */
  private optOut(person: string, category: 'all' | 'marketing'): void {
    const { world, optOuts } = this.played;
    const { workspaceId } = this.caller;
    const names = world.random.chance(0.5) ? [person, userIdOf(person)] : [userIdOf(person), person];
    this.act(`opts ${person} out of ${category}`, async node => {
      const clock = world.clockOf(node);
      const work = async (tx: Queryable) => {
        await lockLanes(tx, workspaceId);
        const [contact] = await tx.query<{ id: string; addresses: string[] }>(sql`
          select c.id, array(select value from contact_address where contact_id = c.id order by 1) as addresses
          from unnest(${names}::text[]) with ordinality n(value, place)
          join contact_address x on x.workspace_id = ${workspaceId} and x.value = n.value join contact c on c.id = x.contact_id
          order by n.place limit 1`);
        if (!contact) return undefined;
        const by = { kind: 'person', id: this.caller.id } as const;
        const at = new Date(clock.now());
        await insertOptOuts(tx, [contact.id], { category, reason: null, source: 'person', by, at });
        await cancelBarred(tx, [contact.id], clock.sqlNow());
        const [last] = await tx.query<{ event: number }>(sql`select coalesce(max(id), 0) as event from logged_event`);
        return { addresses: contact.addresses, event: last?.event ?? 0 };
      };
      await world.committed(node, 'opt out', work, known => {
        if (known) optOuts.push({ person, category, addresses: known.addresses, afterEvent: known.event });
      });
    });
  }

  /**
   * Looks what there is of campaigns that are stopped: from then on nothing is accepted of one, and no call begins, whether
   * or not its queue fits by then.
   */
  async noteStops(): Promise<void> {
    const { world, campaigns, meta, templates, complaints } = this.played;
    if (campaigns.length === 0) return;
    const rows = await world.database.query<
      Seen & { id: string; state: string; isStopped: boolean; queued: number }
    >(sql`
      select c.id, c.state, c.state in ('paused', 'held', 'cancelled') as "isStopped", not c.unapplied as "isApplied",
        (select count(*)::int from open_message o where o.campaign_id = c.id and o.state = 'queued' and o.fence = 0) as queued,
        array(select id from message m where m.campaign_id = c.id) as messages,
        array(select k.token from message m join ${everyCall} k on k.message_id = m.id where m.campaign_id = c.id) as calls
      from campaign c where c.id = any (${campaigns.map(({ id }) => id)}::uuid[])`);
    for (const campaign of campaigns) {
      const row = rows.find(({ id }) => id === campaign.id);
      const before = campaign.stopped;
      campaign.stopped = row?.isStopped ? row : undefined;
      if (!row?.isStopped) continue;
      const say = (what: string) => complaints.push(`${this.nameOf(campaign)} is ${row.state}, and ${what}`);
      if (before && row.messages.some(id => !before.messages.includes(id))) say('a message of it was accepted');
      if (before && row.calls.some(token => !before.calls.includes(token))) say('a call of it was claimed');
      if (!row.isApplied) continue;
      // A message held for another reason comes back to the queue, and the next claim holds it.
      if (!before?.isApplied && row.queued > 0 && !meta.hasWindow && templates.length === 0)
        say('messages of it are queued');
    }
  }

  /**
   * Brings what is stopped to its end, and decides what of a campaign nobody knows. Gives whether there was anything. Asked
   * when nothing else is left to happen.
   */
  async settle(): Promise<boolean> {
    const { world, campaigns, complaints } = this.played;
    if (campaigns.length === 0) return false;
    const rows = await world.database.query<{
      id: string;
      state: string;
      reason: string | null;
      lost: boolean;
      undecided: string[];
    }>(sql`
      select c.id, c.state, c.reason ->> 'code' as reason,
        (c.state in ('scheduled', 'preparing', 'running') or c.unapplied) and c.step_at is null as lost,
        array(select m.id from open_message m join account a on a.id = m.account_id where m.campaign_id = c.id
          and m.state = 'unknown' and not ${isSettling(world)} order by m.seq) as undecided
      from campaign c where c.id = any (${campaigns.map(({ id }) => id)}::uuid[])`);
    let isMoved = false;
    for (const campaign of campaigns) {
      const row = rows.find(({ id }) => id === campaign.id);
      if (!row) continue;
      if (row.lost && !campaign.isLost) {
        campaign.isLost = true;
        complaints.push(`${this.nameOf(campaign)} is ${row.state}, and nobody takes its next step`);
      }
      const isStopped =
        ['paused', 'missed'].includes(row.state) || (row.state === 'held' && row.reason !== 'template_paused');
      if (isStopped && campaign.ending !== 'leave') {
        this.move(campaign, campaign.ending === 'cancel' ? 'cancel' : row.state === 'missed' ? 'start' : 'resume');
        // One that is held again stays so.
        campaign.ending = 'leave';
        isMoved = true;
      } else if (!isStopped && row.undecided.length > 0 && this.decisions < mostDecisions) {
        this.decisions++;
        for (const id of row.undecided) this.decide(id);
        isMoved = true;
      }
    }
    return isMoved;
  }

  private decide(messageId: string): void {
    const { world } = this.played;
    this.act('says of a message that keeps a campaign up: it was sent', async node => {
      const now = world.clockOf(node).sqlNow();
      const { workspaceId, id: who } = this.caller;
      const work = (tx: Queryable) => resolveUnknown(tx, workspaceId, messageId, 'sent', who, now);
      await world.committed(node, 'decide', work, () => {});
    });
  }

  private act(what: string, action: (node: Node) => Promise<unknown>): void {
    actAt(this.played, this.nodes, what, action, refusals);
  }

  private get who() {
    return { kind: 'person', id: this.caller.id, name: null } as const;
  }

  private nameOf(campaign: Campaign): string {
    return `campaign ${this.played.campaigns.indexOf(campaign)}`;
  }
}
