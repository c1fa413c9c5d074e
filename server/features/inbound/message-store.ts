// Stores the messages of webhooks, and applies edits and deletions to them.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newMessageUuid, newUuid } from '../../kit/ids.ts';
import { safeName } from '../../kit/text/file-name.ts';
import type { IncomingMedia, MediaKind, SealedEdit } from '../../ports/channel.ts';
import { followPerson, joinPeople } from '../contacts/index.ts';
import { insertReceived } from '../media/index.ts';
import { suggestOptOuts } from '../opt-outs/index.ts';
import { answerWords } from './answer-words.ts';
import { wasRemoved } from './erased-store.ts';
import type { ReceivedMessage } from './received-message.ts';
import { keepSecrets, secretOf } from './secret-store.ts';

/** Identifies a message within all accounts. */
export const keyOf = ({ accountId, from, channelMessageId }: ReceivedMessage): string =>
  `${accountId} ${from.value} ${channelMessageId}`;

/**
 * Which of these change nothing, by their places: they are there already, or were removed not long ago. Not even a contact
 * or a conversation may be made or moved for them.
 */
async function knownPlaces(tx: Queryable, posted: ReceivedMessage[]): Promise<Set<number>> {
  const rows = await tx.query<{ place: number }>(sql`
    select n - 1 as place from unnest(${posted.map(m => m.accountId)}::uuid[], ${posted.map(m => m.channelMessageId)}::text[],
      ${posted.map(m => m.from.value)}::text[], ${posted.map(m => m.type)}::text[])
      with ordinality u(account_id, channel_message_id, address, type, n)
    where ${wasRemoved} or exists (select 1 from message o
      where o.account_id = u.account_id and o.received_id = u.channel_message_id and o.address = u.address
        and o.direction = 'inbound' and (o.type <> 'unsupported' or u.type in ('unsupported', 'system')) and o.type <> 'call')`);
  return new Set(rows.map(row => row.place));
}

/**
 * Stores messages that people wrote, that the channel wrote of them, or that the business wrote on its phone, and the
 * files that came with them, which are to be fetched. Those that are there already, or were removed not long ago, change
 * nothing. An edit or a deletion changes its message; without that message it is stored in the place of it, unless it is
 * sealed. Before one that says so, a new number or user id of a person leads to their contact. Returns how many edits
 * could not be read.
 */
export async function receiveMessages(tx: Queryable, posted: ReceivedMessage[], now: Date | null): Promise<number> {
  let unreadable = 0;
  for (const part of partsOf(posted)) {
    const [first] = part;
    if (!first) continue;
    if (first.former.length > 0) {
      const phone = first.from.kind === 'phone' ? first.from.value : undefined;
      await followPerson(tx, first.workspaceId, first.former, { phone, userId: first.userId }, now);
    }
    const done = first.change === undefined ? undefined : await applyChange(tx, first, now);
    if (done === 'unreadable') unreadable += 1;
    else if (done === undefined) await receiveTogether(tx, part, now);
  }
  return unreadable;
}

/** Splits the list before what depends on the messages before it: each change stands alone, and no part has a key twice. */
function partsOf(posted: ReceivedMessage[]): ReceivedMessage[][] {
  const parts: ReceivedMessage[][] = [];
  let keys = new Set<string>();
  for (const message of posted) {
    const last = parts.at(-1);
    const key = keyOf(message);
    const isApart = message.change !== undefined || message.former.length > 0;
    if (!last || isApart || last[0]?.change !== undefined || keys.has(key)) {
      parts.push([message]);
      keys = new Set([key]);
    } else {
      last.push(message);
      keys.add(key);
    }
  }
  return parts;
}

/** What a change says. Null for a sealed edit that cannot be opened. */
async function contentOf(tx: Queryable, message: ReceivedMessage): Promise<SealedEdit | null> {
  if (!message.open) return message;
  const secret = await secretOf(tx, message);
  return (secret && message.open(secret)) ?? null;
}

/** Applies an edit or a deletion. Undefined if its message is not there. */
async function applyChange(
  tx: Queryable,
  message: ReceivedMessage,
  now: Date | null,
): Promise<'applied' | 'unreadable' | undefined> {
  const { accountId, channelMessageId, change, changedBy, at } = message;
  const read = await contentOf(tx, message);
  const { type = null, content = null } = read ?? {};
  const [row] = await tx.query<{ done: boolean }>(sql`select apply_change(${now}, ${accountId}, ${channelMessageId},
    ${change ?? null}, ${type}, ${content === null ? null : JSON.stringify(content)}, ${at}, ${changedBy ? [...changedBy] : null}) as done`);
  if (read === null) return 'unreadable';
  return row?.done === true ? 'applied' : undefined;
}

/** The LID of the writer, who may be known by a number too. Only people on WhatsApp Web have one. */
const lidOf = ({ direction, userId }: ReceivedMessage): string | null =>
  direction === 'inbound' && userId?.endsWith('@lid') === true ? userId : null;

/**
 * The messages, each with the address under which it is stored already. It may have come by one address of its writer,
 * and now come again by the other.
 */
async function byKnownAddress(tx: Queryable, posted: ReceivedMessage[], now: Date | null): Promise<ReceivedMessage[]> {
  if (posted.every(message => lidOf(message) === null)) return posted;
  const rows = await tx.query<{ place: number; address: string }>(sql`
    select u.n - 1 as place, m.address from unnest(${posted.map(m => m.workspaceId)}::uuid[], ${posted.map(m => m.accountId)}::uuid[],
      ${posted.map(m => m.channelMessageId)}::text[], ${posted.map(lidOf)}::text[]) with ordinality u(workspace_id, account_id, id, lid, n)
    join message m on m.account_id = u.account_id and m.received_id = u.id and m.direction = 'inbound'
      and (m.address = u.lid or m.contact_id = (select x.contact_id from contact_address x
        where x.workspace_id = u.workspace_id and x.kind = 'lid' and x.value = u.lid))`);
  const addresses = new Map(rows.map(row => [row.place, row.address]));
  // The number may be news, though the message stays at the LID.
  const people = posted.flatMap(({ workspaceId, from, userId, name }, place) =>
    from.kind === 'phone' && userId !== undefined && addresses.get(place) === userId
      ? [{ workspaceId, phone: from.value, userId, name }]
      : [],
  );
  await joinPeople(tx, people, now);
  return posted.map((message, place) => {
    const value = addresses.get(place);
    return value === undefined
      ? message
      : { ...message, from: { kind: value.startsWith('+') ? 'phone' : 'lid', value } };
  });
}

async function receiveTogether(tx: Queryable, all: ReceivedMessage[], now: Date | null): Promise<void> {
  const posted = await byKnownAddress(tx, all, now);
  const known = await knownPlaces(tx, posted);
  const messages = known.size === 0 ? posted : posted.filter((_, place) => !known.has(place));
  if (messages.length === 0) return;
  const stored = await tx.query<{ message_id: string; n: number }>(
    sql`select * from receive_messages(${now}, ${JSON.stringify(messages.map(rowOf))})`,
  );
  const files = stored.flatMap(({ message_id: messageId, n }) => {
    const message = messages[n];
    return message?.media ? [receivedFile(messageId, message, message.media)] : [];
  });
  await insertReceived(tx, files, now);
  await keepSecrets(tx, messages, stored, now);
  await followMeanings(tx, messages, stored, now);
}

/** Answers words, and stores suggestions for messages that may mean an opt-out. */
async function followMeanings(
  tx: Queryable,
  messages: ReceivedMessage[],
  stored: { message_id: string; n: number }[],
  now: Date | null,
): Promise<void> {
  if (messages.every(({ word, suggestion }) => !word && suggestion === undefined)) return;
  const written = stored.flatMap(({ message_id: messageId, n }) => {
    const message = messages[n];
    return message ? [{ messageId, message }] : [];
  });
  const suggestions = written.flatMap(({ messageId, message: { suggestion: phrase } }) =>
    phrase === undefined ? [] : [{ messageId, phrase }],
  );
  if (suggestions.length > 0) await suggestOptOuts(tx, suggestions, now);
  await answerWords(tx, written, now);
}

/** A message as the type `received` of SQL. */
const rowOf = (message: ReceivedMessage, n: number) => ({
  n,
  workspace_id: message.workspaceId,
  account_id: message.accountId,
  kind: message.from.kind,
  address: message.from.value,
  user_id: message.userId ?? (message.from.kind === 'phone' ? null : message.from.value),
  parent_user_id: message.parentUserId,
  username: message.username,
  name: message.name,
  channel_message_id: message.channelMessageId,
  type: message.type,
  content: message.content,
  context: message.context,
  referral: message.referral,
  group_id: message.groupId,
  error_code: message.error?.code,
  error_title: message.error?.title,
  at: message.at,
  unread: message.unread,
  called_at: message.calledAt,
  outbound: message.direction === 'outbound',
  change: message.change,
  imported: message.isImported === true,
  chat: message.chat,
  source: message.source,
  owner_role: message.owner?.role,
  word: message.word && { ...message.word, id: newUuid() },
  id: message.direction === 'outbound' ? newMessageUuid() : newUuid(),
  contact_id: newUuid(),
  conversation_id: newUuid(),
});

const receivedFile = (
  messageId: string,
  { workspaceId, accountId, type }: ReceivedMessage,
  { channelMediaId, mimeType, sha256, fileName }: IncomingMedia,
) => ({
  workspaceId,
  accountId,
  messageId,
  // Only a message of such a type has a file.
  kind: type as MediaKind,
  channelMediaId,
  declaredType: mimeType,
  fileName: fileName && (safeName(fileName) || undefined),
  sha256,
  size: undefined,
});
