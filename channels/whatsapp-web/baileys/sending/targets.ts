// The address that a message goes to: the LID of the person where it is known. WhatsApp refuses the numbers of people
// whom it has moved to LIDs.
import { jidNormalizedUser, type WASocket } from 'baileys';
import type { Gateway } from '../../driver.ts';
import type { WebRecipient, WebSend } from '../../protocol.ts';
import { type LidBook, lidOf, phoneOf } from '../person.ts';
import { findNumber } from './known-numbers.ts';

export interface Target {
  jid: string;
  /** The number that WhatsApp knows the person by, if it was asked. */
  phone: string | undefined;
}

interface TargetParts {
  sock: Pick<WASocket, 'onWhatsApp' | 'signalRepository'>;
  gateway: Gateway;
  book: LidBook;
}

export interface Targets {
  /** Where a message goes. Null: the number is not on WhatsApp. Undefined: WhatsApp did not say. */
  find(send: Pick<WebSend, 'to' | 'recipient'>): Promise<Target | null | undefined>;
  /** The address of a person as far as it is known here, without a question to WhatsApp. */
  known(to: string): Promise<string>;
  /** The other address of the same person; undefined if nobody knows it. */
  other(jid: string, recipient: WebRecipient | undefined): Promise<string | undefined>;
}

const isLid = (address: string): boolean => address.endsWith('@lid');
const digitsOf = (address: string): string => (address.split('@')[0] ?? '').replace(/\D/g, '');
const byNumber = (digits: string): string => `${digits}@s.whatsapp.net`;

/** The addresses of the people of a session. */
export const createTargets = ({ sock, gateway, book }: TargetParts): Targets => {
  const knownLid = async (digits: string): Promise<string | undefined> => {
    const user = await book.lidOf(digits);
    return user === undefined ? undefined : `${user}@lid`;
  };
  const askLid = async (jid: string): Promise<string | undefined> => {
    // Without an answer the number still is an address.
    const lid = await sock.signalRepository.lidMapping.getLIDForPN(jid).catch(() => null);
    return lid === null ? undefined : lidOf(jidNormalizedUser(lid));
  };
  const known = async (to: string): Promise<string> =>
    isLid(to) ? to : ((await knownLid(digitsOf(to))) ?? byNumber(digitsOf(to)));

  return {
    known,
    async find({ to, recipient }) {
      if (isLid(to)) return { jid: to, phone: undefined };
      const digits = digitsOf(to);
      const lid = (await knownLid(digits)) ?? recipient?.lid;
      if (lid !== undefined) return { jid: lid, phone: undefined };
      // Who wrote is on WhatsApp.
      if (recipient?.wroteAt !== undefined) return { jid: byNumber(digits), phone: undefined };
      const number = await findNumber(digits, { onWhatsApp: sock.onWhatsApp, lidOf: askLid }, gateway);
      if (!number) return undefined;
      return number.jid === null ? null : { jid: number.lid ?? number.jid, phone: phoneOf(number.jid) };
    },
    async other(jid, recipient) {
      if (!isLid(jid)) return (await knownLid(digitsOf(jid))) ?? recipient?.lid ?? (await askLid(jid));
      const digits = (await book.numberOf(digitsOf(jid))) ?? (recipient?.phone && digitsOf(recipient.phone));
      return digits ? byNumber(digits) : undefined;
    },
  };
};
