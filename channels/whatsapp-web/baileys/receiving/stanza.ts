// What the attributes of a message stanza say: who wrote to whom, when, and how it came.
import { decodeMessageNode, isJidNewsletter, isJidStatusBroadcast, jidNormalizedUser, type WAMessage } from 'baileys';
import type { WebKey, WebMessageItem } from '../../protocol.ts';
import type { Me } from '../person.ts';

type Attributes = Record<string, string>;

export interface Envelope {
  key: WebKey;
  /** The addresses of the writer. */
  writer: (string | undefined)[];
  /** The addresses of the person of the conversation. */
  person: (string | undefined)[];
  name: string | undefined;
  group: string | undefined;
  at: number;
  source: WebMessageItem['source'];
  /** The library's view of it. */
  original: WAMessage;
}

/** Status posts and channels are no messages between people. */
export const isPublication = (jid: string | undefined | null): boolean =>
  !!jid && (isJidStatusBroadcast(jid) === true || isJidNewsletter(jid) === true);

const normalized = (jid: string | undefined | null): string | undefined => (jid ? jidNormalizedUser(jid) : undefined);

/** Reads the attributes of a message stanza. Undefined for what is no message between people. */
export const readEnvelope = (attrs: Attributes, me: Me): Envelope | undefined => {
  if (isPublication(attrs.from)) return undefined;
  const { fullMessage: original } = decodeMessageNode({ tag: 'message', attrs }, me.id, me.lid ?? '');
  const { id, remoteJid, fromMe, participant } = original.key;
  if (!id || !remoteJid) return undefined;
  const isGroup = remoteJid.endsWith('@g.us');
  const isList = remoteJid.endsWith('@broadcast');
  const mine = [me.id, me.lid];
  const participants = [participant ?? undefined, attrs.participant_pn, attrs.participant_lid];
  const recipients = [
    attrs.recipient,
    attrs.peer_recipient_pn,
    attrs.peer_recipient_lid,
    attrs.recipient_pn,
    attrs.recipient_lid,
  ];
  const senders = [attrs.from, attrs.sender_pn, attrs.sender_lid];
  const writer = fromMe ? mine : isGroup || isList ? participants : senders;
  return {
    key: {
      id,
      remoteJid: (isList ? normalized(participant) : normalized(remoteJid)) ?? remoteJid,
      fromMe: fromMe === true,
      participant: isGroup ? normalized(participant) : undefined,
    },
    writer: writer.map(normalized),
    person: (fromMe && !isGroup ? recipients : writer).map(normalized),
    name: fromMe ? undefined : attrs.notify,
    group: isGroup ? remoteJid : undefined,
    at: Number(attrs.t),
    source: attrs.offline === undefined ? 'live' : 'offline',
    original,
  };
};
