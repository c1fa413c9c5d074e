// Messages as the library shows them: history, notices, placeholders, and what the phone sent again on request.
// A message that was decrypted here comes from the journal instead.
import { jidNormalizedUser, proto, toNumber, type WAMessage, WAMessageStubType } from 'baileys';
import type { WebMessageItem } from '../../protocol.ts';
import { isGroup, isOfPeople } from '../journal/journal-entry.ts';
import { type LidBook, personOf } from '../person.ts';
import { secretOf, toPlain } from '../receiving/plain.ts';
import { isPublication } from '../receiving/stanza.ts';

/** The addresses of who wrote a message, as far as it tells. */
export const writerOf = ({ key, participant }: WAMessage): (string | undefined)[] =>
  [key.participant ?? participant ?? key.remoteJid, key.participantAlt ?? key.remoteJidAlt].map(jid =>
    jid ? jidNormalizedUser(jid) : undefined,
  );

/** The content, if all of it could be decrypted and it is something of people. */
const contentOf = ({ message, messageStubType }: WAMessage): proto.IMessage | undefined =>
  message && messageStubType !== WAMessageStubType.CIPHERTEXT && isOfPeople(message) ? message : undefined;

/** The library's name of a notice, such as CIPHERTEXT for what could not be decrypted. */
const stubName = (whole: WAMessage): string | undefined => {
  const { messageStubType, key } = whole;
  if (contentOf(whole)) return undefined;
  if (messageStubType) return WAMessageStubType[messageStubType];
  return (key as { isViewOnce?: boolean }).isViewOnce ? 'VIEW_ONCE' : undefined;
};

/** Calls are items of their own. */
const isCall = ({ message, messageStubType }: WAMessage): boolean =>
  !!message?.call || (!!messageStubType && WAMessageStubType[messageStubType]?.startsWith('CALL_') === true);

/** The item of a message of the library. Undefined if it is nothing of people. */
export const libraryItem = async (
  message: WAMessage,
  source: WebMessageItem['source'],
  book: LidBook,
): Promise<WebMessageItem | undefined> => {
  const { id, remoteJid, remoteJidAlt, fromMe } = message.key;
  const content = contentOf(message);
  const stub = stubName(message);
  if (!id || !remoteJid || isPublication(remoteJid) || isGroup(remoteJid) || isCall(message) || (!content && !stub))
    return undefined;
  // The other address of our own message is ours.
  const jids = [remoteJid, fromMe ? undefined : (remoteJidAlt ?? undefined)];
  const person = await personOf(jids, (!fromMe && message.pushName) || undefined, book);
  if (!person) return undefined;
  return {
    kind: 'message',
    key: {
      id,
      remoteJid: jidNormalizedUser(remoteJid),
      fromMe: fromMe === true,
    },
    person,
    group: undefined,
    at: toNumber(message.messageTimestamp),
    source,
    message: content ? toPlain(content) : null,
    stub,
    secret: content && secretOf(content, message.messageSecret),
  };
};

const { HistorySyncType } = proto.HistorySync;

/** Which parts of the history a new link takes: the recent ones, and what pairs numbers with LIDs. Never all of it. */
export const wantsHistory = (historyDays: number, syncType: number | null | undefined): boolean => {
  if (syncType === HistorySyncType.RECENT) return historyDays > 0;
  const always: (number | null | undefined)[] = [
    HistorySyncType.INITIAL_BOOTSTRAP,
    HistorySyncType.PUSH_NAME,
    HistorySyncType.NON_BLOCKING_DATA,
  ];
  return always.includes(syncType);
};
