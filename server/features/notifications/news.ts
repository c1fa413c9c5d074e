// Turns events of the log into news for people, and ends news.
import type { NotificationKind, newsTypes } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { grouped } from '../../kit/grouped.ts';
import { toUuid } from '../../kit/ids.ts';
import { approvingPeople, type WaitingCampaign, waitingCampaigns } from '../campaigns/index.ts';
import type { EventRow } from '../events/index.ts';
import {
  type AlertReaderRow,
  alertReaders,
  type Ends,
  type MemberRow,
  membersOf,
  messagesOf,
  type News,
  type NewsMessageRow,
  type SubjectRow,
  subjectsOf,
  type Tells,
} from './news-store.ts';
import { channelsOf } from './notification.ts';

/** How long a mention stays unread before it goes out by e-mail. */
const mailAfterMs = 15 * 60_000;

/** Messages of these types are no news. */
const silentTypes: readonly string[] = ['reaction', 'system', 'unsupported'];

interface Scene {
  messages: ReadonlyMap<string, NewsMessageRow>;
  subjects: ReadonlyMap<string, SubjectRow>;
  members: ReadonlyMap<string, readonly MemberRow[]>;
  readers: ReadonlyMap<string, readonly AlertReaderRow[]>;
  campaigns: ReadonlyMap<string, WaitingCampaign>;
  /** The people who may approve campaigns, by workspace. */
  approving: ReadonlyMap<string, readonly string[]>;
}

const byId = <Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map(row => [row.id, row]));

const textIn = ({ data }: EventRow, field: string): string | undefined => {
  const value = data[field];
  return typeof value === 'string' ? value : undefined;
};
const all = (values: (string | null | undefined)[]): string[] => [...new Set(values.filter(value => value != null))];

/** The news of these events, in order, by what the database says now. */
export async function newsOf(db: Queryable, rows: readonly EventRow[], now: Date): Promise<News[]> {
  const messages = byId(await messagesOf(db, all(rows.map(row => row.message_id))));
  const named = rows.map(row => textIn(row, 'conversation_id'));
  const subjects = byId(
    await subjectsOf(db, all([...named, ...[...messages.values()].map(message => message.conversation_id)])),
  );
  const members = grouped(await membersOf(db, all(rows.map(row => row.workspace_id))), row => row.workspace_id);
  const firing = rows.filter(({ type }) => type === 'alert.firing').map(row => textIn(row, 'alert_id'));
  const readers = grouped(firing.length > 0 ? await alertReaders(db, all(firing), now) : [], row => row.id);
  const ofCampaigns = rows.filter(isOfCampaign);
  const campaigns = byId(await waitingCampaigns(db, all(ofCampaigns.map(row => textIn(row, 'campaign_id')))));
  const ruled = all(rows.filter(({ type }) => type === 'campaign_rules.updated').map(row => row.workspace_id));
  const approving = new Map(
    [...grouped(ruled.length > 0 ? await approvingPeople(db, ruled) : [], row => row.workspace_id)].map(
      ([workspace, people]) => [workspace, people.map(({ person_id }) => person_id)],
    ),
  );
  const scene = { messages, subjects, members, readers, campaigns, approving };
  return rows.flatMap(row => (isNews(row.type) ? readings[row.type](row, scene) : []));
}

const isOfCampaign = ({ type }: EventRow): boolean => type.startsWith('campaign.');

type Reading = (row: EventRow, scene: Scene) => News[];

/** A conversation with those who may use its account, and those of them who may answer. */
interface Place {
  subject: SubjectRow;
  readers: readonly MemberRow[];
  members: readonly MemberRow[];
}

function placeOf(id: string | undefined, { subjects, members }: Scene): Place | undefined {
  const subject = id === undefined ? undefined : subjects.get(id);
  if (!subject) return undefined;
  const mayRead = ({ accounts }: MemberRow) => accounts === null || accounts.includes(subject.account_id);
  const readers = (members.get(subject.workspace_id) ?? []).filter(mayRead);
  return { subject, readers, members: readers.filter(({ answers }) => answers) };
}

interface What {
  kind: NotificationKind;
  at: Date;
  by?: string | null;
  messageId?: string;
}

/** The news for some people of a place: not for who did it, nor for who wants to hear nothing of the kind. */
function tell(
  { subject, members }: Pick<Place, 'subject' | 'members'>,
  people: readonly string[],
  { kind, at, by = null, messageId }: What,
): Tells[] {
  const hears = ({ person_id: id, kinds }: MemberRow) =>
    id !== by && people.includes(id) && channelsOf({ kinds: kinds ?? {} }, kind).length > 0;
  return members.filter(hears).map(({ person_id: personId, kinds }) => ({
    tells: kind,
    at,
    personId,
    workspaceId: subject.workspace_id,
    accountId: subject.account_id,
    conversationId: subject.id,
    alertId: null,
    campaignId: null,
    messageId: messageId ?? null,
    by,
    mailAt: channelsOf({ kinds: kinds ?? {} }, kind).includes('email') ? new Date(at.getTime() + mailAfterMs) : null,
  }));
}

/** Whose a conversation is: where only one person may answer, what is nobody's is theirs. */
function ownerOf({ subject, members }: Place): string | undefined {
  if (subject.assignee_id !== null) return subject.assignee_kind === 'person' ? subject.assignee_id : undefined;
  return members.length === 1 ? members[0]?.person_id : undefined;
}

/** The people of a queue: those of the team, else all who read conversations without one. */
const queueOf = ({ subject: { team }, members }: Place): string[] =>
  members
    .filter(({ person_id: id, reads_queue }) => (team ? team.includes(id) : reads_queue))
    .map(({ person_id }) => person_id);

const mentioned: Reading = (row, scene) => {
  const place = placeOf(textIn(row, 'conversation_id'), scene);
  const { new_mentions: mentions } = row.data;
  if (!place || !Array.isArray(mentions)) return [];
  const by = textIn(row, 'person_id') ?? textIn(row, 'api_key_id') ?? null;
  const people = mentions.map(id => toUuid(String(id)));
  return tell({ ...place, members: place.readers }, people, { kind: 'mention', at: row.at, by });
};

const received: Reading = ({ message_id: id, at }, scene) => {
  const message = scene.messages.get(id ?? '');
  const place = placeOf(message?.conversation_id, scene);
  if (!message || !place || silentTypes.includes(message.type)) return [];
  const { subject, readers } = place;
  const owner = ownerOf(place);
  // Not those who follow it only since this message.
  const before = subject.followers.filter(({ id, since }) => id !== owner && Date.parse(since) < at.getTime());
  const followers = before.map(({ id }) => id);
  const what = { at, messageId: message.id };
  // They hear of it although whose it is has read it.
  const ofFollowers = tell({ subject, members: readers }, followers, { kind: 'followed', ...what });
  // A message that is read already was on somebody's screen.
  if (!subject.unread) return ofFollowers;
  if (owner !== undefined) return [...ofFollowers, ...tell(place, [owner], { kind: 'message', ...what })];
  // An episode has the id of the message that began it.
  if (subject.assignee_id !== null || subject.episode_id !== message.id) return ofFollowers;
  const queue = queueOf(place).filter(id => !followers.includes(id));
  return [...ofFollowers, ...tell(place, queue, { kind: 'queue', ...what })];
};

const notSent: Reading = ({ message_id: id, at }, scene) => {
  const message = scene.messages.get(id ?? '');
  const place = placeOf(message?.conversation_id, scene);
  if (!message || !place || message.created_by === null || message.campaign_id !== null) return [];
  // A retry or a receipt may have settled it since.
  if (message.status !== 'failed' && message.status !== 'unknown') return [];
  return tell(place, [message.created_by], { kind: 'not_sent', at, messageId: message.id });
};

const assigned: Reading = (row, scene) => {
  const place = placeOf(textIn(row, 'conversation_id'), scene);
  if (!place) return [];
  const to = textIn(row, 'to_person_id');
  const program = textIn(row, 'api_key_id');
  const isHandover = program !== undefined && textIn(row, 'from_api_key_id') === program;
  const by = textIn(row, 'person_id') ?? program ?? null;
  const ofOthers: Ends = {
    ends: ['handed_over', 'assigned', 'snooze_over', 'message', 'queue'],
    about: place.subject.id,
    butOf: to,
  };
  // The team was told of the message that began it.
  if (by === null && row.data.reason === 'queued') return [];
  if (textIn(row, 'to_team_id') !== undefined && to === undefined && place.subject.assignee_id === null)
    return [ofOthers, ...tell(place, queueOf(place), { kind: 'queue', at: row.at, by })];
  // It may have gone on to somebody else since.
  if (to === undefined || place.subject.assignee_id !== to) return [ofOthers];
  return [ofOthers, ...tell(place, [to], { kind: isHandover ? 'handed_over' : 'assigned', at: row.at, by })];
};

const reopened: Reading = (row, scene) => {
  const place = placeOf(textIn(row, 'conversation_id'), scene);
  const owner = place && ownerOf(place);
  if (!place || owner === undefined || row.data.reason !== 'snooze_over') return [];
  return tell(place, [owner], { kind: 'snooze_over', at: row.at });
};

const nothingLeft: Reading = row => {
  const about = textIn(row, 'conversation_id');
  return about === undefined ? [] : [{ ends: ['message', 'queue', 'snooze_over'], about }];
};

const read: Reading = (row, scene) => (row.data.unread_count === 0 ? nothingLeft(row, scene) : []);

const firing: Reading = ({ at, data }, { readers }) =>
  (readers.get(String(data.alert_id)) ?? []).map(({ id, workspace_id, account_id, person_id }) => ({
    tells: 'alert',
    at,
    personId: person_id,
    workspaceId: workspace_id,
    accountId: account_id,
    conversationId: null,
    alertId: id,
    campaignId: null,
    messageId: null,
    by: null,
    mailAt: null,
  }));

const over: Reading = row => {
  const about = textIn(row, 'alert_id');
  return about === undefined ? [] : [{ ends: ['alert'], about }];
};

/** The news for people about the workspace or a campaign of it. */
const tellPeople = (
  { workspace_id: workspaceId }: EventRow,
  { members }: Scene,
  people: readonly string[],
  what: Pick<Tells, 'tells' | 'at' | 'campaignId' | 'by'>,
): Tells[] => {
  const hears = ({ person_id: id, kinds }: MemberRow) =>
    id !== what.by && people.includes(id) && channelsOf({ kinds: kinds ?? {} }, what.tells).length > 0;
  const about = { workspaceId, accountId: null, conversationId: null, alertId: null, messageId: null, mailAt: null };
  return (members.get(workspaceId) ?? [])
    .filter(hears)
    .map(({ person_id: personId }) => ({ ...about, ...what, personId }));
};

const approvalOver: Reading = (row, { campaigns }) => {
  const about = textIn(row, 'campaign_id');
  return about === undefined || campaigns.get(about)?.waits ? [] : [{ ends: ['approval'], about }];
};

const approvalWanted: Reading = (row, scene) => {
  const campaign = scene.campaigns.get(textIn(row, 'campaign_id') ?? '');
  // It may be answered since.
  if (!campaign?.waits) return approvalOver(row, scene);
  const what = { tells: 'approval', at: row.at, campaignId: campaign.id, by: campaign.askedBy } as const;
  return tellPeople(row, scene, campaign.approvers, what);
};

const ruleChanged: Reading = (row, scene) => {
  const what = { tells: 'approval_rule', at: row.at, campaignId: null, by: textIn(row, 'person_id') ?? null } as const;
  return tellPeople(row, scene, scene.approving.get(row.workspace_id) ?? [], what);
};

const readings: Readonly<Record<(typeof newsTypes)[number], Reading>> = {
  'note.created': mentioned,
  'note.updated': mentioned,
  'message.received': received,
  'message.failed': notSent,
  'message.unknown': notSent,
  'conversation.assigned': assigned,
  'conversation.reopened': reopened,
  'conversation.closed': nothingLeft,
  'conversation.read': read,
  'alert.firing': firing,
  'alert.cleared': over,
  'alert.taken': over,
  'campaign.approval_asked': approvalWanted,
  'campaign.held': approvalWanted,
  'campaign.approved': approvalOver,
  'campaign.refused': approvalOver,
  'campaign.updated': approvalOver,
  'campaign.preparing': approvalOver,
  'campaign.running': approvalOver,
  'campaign.scheduled': approvalOver,
  'campaign.paused': approvalOver,
  'campaign.cancelled': approvalOver,
  'campaign_rules.updated': ruleChanged,
};

const isNews = (type: string): type is keyof typeof readings => Object.hasOwn(readings, type);
