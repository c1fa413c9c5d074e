// Contacts and conversations as the API shows them.
import type { Contact, Conversation, FieldSource, ShownLabel } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import { countryOf } from '../../kit/text/country.ts';
import { presentWho } from '../../kit/who.ts';
import type { ConversationRow, LastMessageRow } from './conversation-store.ts';
import type { ShownLabelRow } from './label-store.ts';
import type { ContactRow } from './store.ts';

const presentLabel = ({ id, name, color }: ShownLabelRow): ShownLabel => ({ id: toId('label', id), name, color });

const presentSources = (row: ContactRow, names: ReadonlyMap<string, string>): Record<string, FieldSource> =>
  Object.fromEntries(
    Object.entries(row.field_sources ?? {}).map(([key, { kind, id, at }]) => [
      key,
      { kind, id: toId(kind === 'import' ? 'contact_import' : kind, id), name: names.get(id) ?? null, at },
    ]),
  );

/** The UUIDs of the people, keys and imports that values of these contacts came from. */
export const sourcesOf = (rows: readonly ContactRow[]): string[] => [
  ...new Set(rows.flatMap(row => Object.values(row.field_sources ?? {}).map(({ id }) => id))),
];

/** `names`: of the people, keys and imports that values came from, by their UUIDs. */
export const presentContact = (row: ContactRow, names: ReadonlyMap<string, string>): Contact => ({
  id: toId('contact', row.id),
  name: row.name,
  phone: row.phone,
  other_phones: row.other_phones,
  country: row.phone === null ? null : countryOf(row.phone),
  language: row.language,
  user_id: row.user_id,
  username: row.username,
  parent_user_id: row.parent_user_id,
  reference: row.reference,
  metadata: row.metadata ?? {},
  fields: row.fields ?? {},
  field_sources: presentSources(row, names),
  import_id: row.import_id === null ? null : toId('contact_import', row.import_id),
  labels: row.labels.map(presentLabel),
  opted_out: row.opted_out,
  whatsapp: row.unreachable_at && { status: 'unreachable', since: row.unreachable_at.toISOString() },
  last_message_at: row.last_message_at?.toISOString() ?? null,
  unread_count: row.unread_count,
  message_counts: { outbound: row.outbound, inbound: row.inbound },
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const windowMs = 24 * 3_600_000;

/** The 24-hour window of a conversation at this moment. */
function windowOf(heardAt: Date | null, now: number): Conversation['window'] {
  if (heardAt === null) return { open: false, until: null };
  const until = heardAt.getTime() + windowMs;
  return { open: now <= until, until: new Date(until).toISOString() };
}

function shownLast({ id, campaign_id, created_by, ...rest }: LastMessageRow): Conversation['last_message'] {
  const campaign = campaign_id && toId('campaign', campaign_id);
  return {
    ...{ id: toId('message', id), campaign_id: campaign, created_by: presentWho(created_by) },
    ...rest,
  } as Conversation['last_message'];
}

const assigneeKinds = { person: 'person', bot: 'api_key' } as const;

/** `messages`: whether the caller may read messages. */
export const presentConversation = (row: ConversationRow, now: number, messages: boolean): Conversation => ({
  id: toId('conversation', row.id),
  account_id: toId('account', row.account_id),
  contact: {
    id: toId('contact', row.contact_id),
    name: row.name,
    phone: row.phone,
    user_id: row.user_id,
    username: row.username,
  },
  labels: row.labels.map(presentLabel),
  state: row.state,
  state_since: row.state_since?.toISOString() ?? null,
  snoozed_until: row.snoozed_until?.toISOString() ?? null,
  waiting_since: row.waiting_since?.toISOString() ?? null,
  episode_id: row.episode_id && toId('episode', row.episode_id),
  assignee: row.assignee && { ...row.assignee, id: toId(assigneeKinds[row.assignee.kind], row.assignee.id) },
  team: row.team && { ...row.team, id: toId('team', row.team.id) },
  reassign_due_at: row.reassign_due_at?.toISOString() ?? null,
  unread_count: row.unread_count,
  message_counts: { outbound: row.outbound, inbound: row.inbound },
  window: windowOf(row.heard_at, now),
  owner: row.owned_at && { is: row.owner, role: row.owner_role, since: row.owned_at.toISOString() },
  last_message: messages && row.last_message ? shownLast(row.last_message) : null,
  last_message_at: row.last_message_at.toISOString(),
  created_at: row.created_at.toISOString(),
});
