// The rows of a log: messages with days and the line above what is unread.
import type { ConversationChange, Message, Note } from '@recado/client';
import type { OutgoingMessage } from '../composer/outgoing.ts';
import { contentTypes, isNotice, type NoticeMessage } from '../content-types.ts';
import { namedSender, senderKey } from '../sender.ts';

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  /** Above the first that one of us wrote while the person of this page wrote. */
  | { kind: 'came'; key: string }
  /** `isNext`: grouped with the one before it. */
  | { kind: 'message'; key: string; message: Message; isNext: boolean }
  /** A line in the middle: what became of the conversation. */
  | { kind: 'change'; key: string; change: ConversationChange }
  /** What one of us wrote for the others. */
  | { kind: 'note'; key: string; note: Note }
  | { kind: 'outgoing'; key: string; outgoing: OutgoingMessage }
  /** A line in the middle: what no bubble says. */
  | { kind: 'notice'; key: string; message: NoticeMessage };

const groupMs = 3 * 60_000;

/** A reaction is at its message; a line of its own says only what went wrong with it. */
const isShown = ({ type, status }: Message) =>
  type !== 'reaction' || status === 'failed' || status === 'unknown' || status === 'expired';

interface Given {
  messages: readonly Message[];
  /** What became of the conversation, the oldest first. */
  changes: readonly ConversationChange[];
  /** The oldest first. */
  notes: readonly Note[];
  outgoing: readonly OutgoingMessage[];
  /** Whether older ones are not loaded: then the first day of what is loaded may have begun before. */
  hasOlder: boolean;
  /** Whether newer ones are not loaded. */
  hasNewer: boolean;
  /** The first message that was unread. */
  unreadFrom: string | undefined;
  /** The first message or note that came while somebody wrote. */
  cameFrom: string | undefined;
  /** Stored messages that are shown as those on their way. */
  twins: ReadonlySet<string>;
  /** The person of this page. */
  me: string | undefined;
}

function wordsOfContent(content: OutgoingMessage['content']): string | null | undefined {
  if (content.type === 'text') return content.text.body;
  if (content.type === 'template') return content.template.name;
  if (content.type === 'image') return content.image.caption;
  if (content.type === 'video') return content.video.caption;
  return content.type === 'document' ? content.document.caption : undefined;
}

const wordsOfStored = ({ text, template, image, video, document }: Message): string | undefined =>
  text?.body ?? template?.name ?? image?.caption ?? video?.caption ?? document?.caption ?? undefined;

/**
 * The ids of messages that are on their way from here and that the server has stored, while its answer has not come: an
 * event may be faster, and an answer may be lost. Such a twin came after `seenAt`, the newest message when the one on
 * its way was first shown.
 */
export function twinsOf(
  outgoing: readonly OutgoingMessage[],
  messages: readonly Message[],
  seenAt: ReadonlyMap<string, string | undefined>,
  me: string | undefined,
): Set<string> {
  const twins = new Set<string>();
  for (const { localId, content, state, messageId } of outgoing) {
    if (state !== 'sending' || messageId !== undefined) continue;
    const seen = seenAt.get(localId);
    const at = messages.findIndex(({ id }) => id === seen);
    if (at === -1 && seen !== undefined) continue;
    const twin = messages.slice(at + 1).find(message => {
      const isAlike = senderKey(message) === me && message.type === content.type;
      return isAlike && !twins.has(message.id) && wordsOfStored(message) === (wordsOfContent(content) ?? undefined);
    });
    if (twin) twins.add(twin.id);
  }
  return twins;
}

/**
 * Rows from the oldest to the newest. A message on its way from here stands last. A message that failed here stands at its time, if
 * that is loaded.
 */
export function rowsOf({
  messages,
  changes,
  notes,
  hasOlder,
  hasNewer,
  outgoing,
  unreadFrom,
  cameFrom,
  twins,
  me = '',
}: Given): Row[] {
  const rows: Row[] = [];
  const known = new Set(messages.map(({ id }) => id));
  // A row that stays first while older messages come above it would keep the log from standing still.
  let day = hasOlder && messages[0] ? new Date(messages[0].created_at).toDateString() : '';
  let before: { sender: string; at: number } | undefined;
  const begin = (at: string, sender: string) => {
    const time = new Date(at);
    if (time.toDateString() !== day) {
      day = time.toDateString();
      rows.push({ kind: 'day', key: `day ${day}`, at });
      before = undefined;
    }
    const isNext = before?.sender === sender && time.getTime() - before.at < groupMs;
    before = { sender, at: time.getTime() };
    return isNext;
  };
  const first = hasOlder ? Date.parse(messages[0]?.created_at ?? '') : Number.NEGATIVE_INFINITY;
  const isFailed = ({ state, createdAt }: OutgoingMessage) => state === 'failed' && Date.parse(createdAt) >= first;
  const failed = outgoing.filter(isFailed);
  const push = (each: OutgoingMessage) => {
    const isNext = begin(each.createdAt, me);
    const { message } = each;
    // Accepted, and not told by an event yet.
    rows.push(
      message
        ? { kind: 'message', key: message.id, message, isNext }
        : { kind: 'outgoing', key: each.localId, outgoing: each },
    );
  };
  const lines = [
    ...changes.map(change => ({
      at: change.at,
      row: { kind: 'change', key: `${change.change} ${change.at}`, change } as const,
    })),
    ...notes.map(note => ({ at: note.created_at, row: { kind: 'note', key: note.id, note } as const })),
  ]
    .filter(({ at }) => Date.parse(at) >= first)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const pushLine = ({ at, row }: (typeof lines)[number]) => {
    begin(at, '');
    if (row.key === cameFrom) rows.push({ kind: 'came', key: 'came' });
    rows.push(row);
    before = undefined;
  };
  for (const message of messages) {
    // A message that opens the conversation stands below the line that says so.
    for (; lines[0] && Date.parse(lines[0].at) <= Date.parse(message.created_at); lines.shift()) pushLine(lines[0]);
    for (; failed[0] && Date.parse(failed[0].createdAt) < Date.parse(message.created_at); failed.shift())
      push(failed[0]);
    if (!isShown(message) || twins.has(message.id)) continue;
    const sender = senderKey(message);
    if (message.id === unreadFrom) {
      begin(message.created_at, sender);
      rows.push({ kind: 'unread', key: 'unread' });
      before = undefined;
    }
    if (message.id === cameFrom) {
      begin(message.created_at, sender);
      rows.push({ kind: 'came', key: 'came' });
      before = undefined;
    }
    const isNext = begin(message.created_at, sender);
    if (isNotice(message)) {
      before = undefined;
      rows.push({ kind: 'notice', key: message.id, message });
    } else rows.push({ kind: 'message', key: message.id, message, isNext });
  }
  if (hasNewer) return rows;
  for (const line of lines) pushLine(line);
  const isLast = (each: OutgoingMessage) => each.state !== 'failed' || failed.includes(each);
  for (const each of outgoing) if (isLast(each) && !(each.messageId && known.has(each.messageId))) push(each);
  return rows;
}

interface Meanwhile {
  messages: readonly Message[];
  notes: readonly Note[];
  /** The newest message or note that was there when the text was begun. */
  seen: string | undefined;
  /** The person of this page. */
  me: string | undefined;
}

/** The first message or note of ours that came while the person of this page wrote. */
export function firstMeanwhile({ messages, notes, seen, me }: Meanwhile): string | undefined {
  const since = [...messages, ...notes].find(({ id }) => id === seen)?.created_at;
  if (since === undefined) return undefined;
  const theirs = [
    ...messages.filter(message => {
      const isOthers = message.source === 'phone' || (namedSender(message)?.id ?? me) !== me;
      return message.direction === 'outbound' && message.type !== 'reaction' && isOthers;
    }),
    ...notes.filter(({ author, deleted_at: deleted }) => author?.id !== me && deleted === null),
  ];
  return theirs
    .filter(each => each.created_at > since)
    .sort((one, other) => (one.created_at < other.created_at ? -1 : 1))[0]?.id;
}

/** How high a row may be, until it is measured. */
export function guessOf(row: Row | undefined): number {
  if (row?.kind !== 'message') return row?.kind === 'outgoing' ? 50 : 44;
  const { type, text } = row.message;
  return contentTypes[type].height + 22 * Math.floor((text?.body.length ?? 0) / 60);
}
