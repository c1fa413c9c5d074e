// Sends messages of one session, one at a time, and says what became of each.
import { setTimeout as wait } from 'node:timers/promises';
import { jidNormalizedUser, proto, type WASocket } from 'baileys';
import type { Gateway } from '../../driver.ts';
import type { ProcessSettings, WebSend, WebSent } from '../../protocol.ts';
import { errorText } from '../../redact.ts';
import { isClosedBefore } from '../errors.ts';
import { type LidBook, type Me, personOf } from '../person.ts';
import type { ChatTimers } from '../session/chat-timers.ts';
import { readOwnKey, writeOwnKey } from '../session/own-keys.ts';
import type { Acks } from './acks.ts';
import { toMessage } from './content.ts';
import type { Target, Targets } from './targets.ts';
import { typingTime } from './typing.ts';

interface SenderParts {
  sock: WASocket;
  gateway: Gateway;
  settings: ProcessSettings;
  targets: Targets;
  book: LidBook;
  timers: ChatTimers;
  acks: Acks;
  me(): Me;
  /** Ends with the connection. */
  ended: AbortSignal;
  /** WhatsApp refused a message because the account may not begin conversations now. */
  onRestricted(): void;
}

export interface Sender {
  send(message: WebSend): Promise<WebSent>;
  /** A message is being encrypted: from now on it may have left. */
  onEncrypt(): void;
}

const restrictedCode = '463';

/** Refusals that may be about the address instead of the person: the other address of the person may work. */
const addressCodes = new Set([restrictedCode, '479']);

/** Somebody who wrote within this time is no new conversation, whatever WhatsApp says. */
const answerMs = 86_400_000;

const wroteLately = ({ recipient }: WebSend): boolean =>
  recipient?.wroteAt !== undefined && recipient.wroteAt > Date.now() - answerMs;

const notSent = (code: string, title: string): WebSent => ({ class: 'not_sent', code, title });
const rejected = (code: string, title: string): WebSent => ({ class: 'rejected', code, title });
const unknown = (code: string, title: string): WebSent => ({ class: 'unknown', code, title });

/** The sender of a session. */
export const createSender = (parts: SenderParts): Sender => {
  const { sock, gateway, settings, targets, book, timers, acks, me, ended, onRestricted } = parts;
  let last: Promise<unknown> = Promise.resolve();
  let mayHaveLeft = false;

  const findTarget = async (send: WebSend): Promise<Target | WebSent> => {
    const target = await targets.find(send);
    if (target === undefined) return notSent('number_not_checked', 'WhatsApp did not say whether the number exists.');
    return target ?? rejected('not_on_whatsapp', 'The number is not on WhatsApp.');
  };

  /** After how many seconds messages of the chat disappear; 0 if they stay. */
  const timerOf = async ({ recipient }: WebSend, jid: string): Promise<number> => {
    const number = recipient?.phone && `${recipient.phone.slice(1)}@s.whatsapp.net`;
    const person = await personOf([jid, recipient?.lid, number], undefined, book);
    return person ? timers.secondsOf(person) : 0;
  };

  /** The message as it was at the first attempt, or a new one that is stored before it leaves. */
  const prepare = async (send: WebSend, jid: string): Promise<proto.IMessage | undefined> => {
    const earlier = await readOwnKey(gateway, 'sent-message', send.messageId);
    if (earlier) return proto.Message.decode(Buffer.from(earlier.message, 'base64'));
    const message = await toMessage(send, jid, me(), await timerOf(send, jid));
    if (!message) return undefined;
    const encoded = Buffer.from(proto.Message.encode(message).finish()).toString('base64');
    await writeOwnKey(gateway, 'sent-message', send.messageId, { message: encoded });
    return message;
  };

  const showTyping = async ({ type, content }: WebSend, jid: string): Promise<void> => {
    const ms = settings.showsTyping ? typingTime(type, content, Math.random()) : 0;
    if (ms === 0) return;
    const isVoice = (content as { voice?: boolean } | null)?.voice === true;
    await sock.sendPresenceUpdate(isVoice ? 'recording' : 'composing', jid);
    await wait(ms, undefined, { signal: ended });
    await sock.sendPresenceUpdate('paused', jid);
  };

  /** One call, and what came of it. */
  const relay = async (messageId: string, jid: string, message: proto.IMessage): Promise<WebSent> => {
    const ack = acks.expect(messageId);
    try {
      await sock.relayMessage(jid, message, { messageId });
    } catch (error) {
      ack.forget();
      if (!mayHaveLeft || isClosedBefore(error)) return notSent('not_connected', errorText(error));
      return unknown('send_failed', errorText(error));
    }
    const answer = await ack.within(settings.ackMs);
    if (!answer) return unknown('no_ack', 'WhatsApp did not acknowledge the message in time.');
    if (answer.error) return rejected(answer.error, `WhatsApp refused the message with code ${answer.error}.`);
    return { class: 'accepted', phone: undefined };
  };

  /** Once more under the other address of the person: nothing was delivered. Undefined if there is no other. */
  const relayToOther = async (
    { messageId, recipient }: WebSend,
    jid: string,
    message: proto.IMessage,
  ): Promise<WebSent | undefined> => {
    const other = await targets.other(jid, recipient);
    if (other === undefined) return undefined;
    const own = other.endsWith('@lid') ? (me().lid ?? me().id) : me().id;
    await sock.getUSyncDevices([jidNormalizedUser(own), other], false, false);
    mayHaveLeft = false;
    return relay(messageId, other, message);
  };

  const deliver = async (send: WebSend, { jid, phone }: Target, message: proto.IMessage): Promise<WebSent> => {
    let sent = await relay(send.messageId, jid, message);
    if (sent.class === 'rejected' && addressCodes.has(sent.code) && wroteLately(send))
      sent = (await relayToOther(send, jid, message)) ?? sent;
    if (sent.class === 'rejected' && sent.code === restrictedCode && !wroteLately(send)) onRestricted();
    return sent.class === 'accepted' ? { ...sent, phone: phone === send.to ? undefined : phone } : sent;
  };

  const sendNow = async (send: WebSend): Promise<WebSent> => {
    mayHaveLeft = false;
    try {
      if (ended.aborted) return notSent('not_connected', 'The connection is closed.');
      const target = await findTarget(send);
      if (!('jid' in target)) return target;
      const message = await prepare(send, target.jid);
      if (!message) return rejected('unsupported_content', `This channel cannot send the type ${send.type}.`);
      await showTyping(send, target.jid);
      return await deliver(send, target, message);
    } catch (error) {
      return notSent('not_sent', errorText(error));
    }
  };

  return {
    send(message) {
      const sent = last.then(() => sendNow(message));
      last = sent;
      return sent;
    },
    onEncrypt() {
      mayHaveLeft = true;
    },
  };
};
