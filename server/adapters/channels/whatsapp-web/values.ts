// Reads single values of what a session delivers: ids, times, people.
import type { WebPerson } from '@recado/whatsapp-web';
import { asDialled } from '../../../kit/text/phone.ts';
import type { Address, IncomingPerson } from '../../../ports/channel.ts';
import { asRecord, asString } from '../json.ts';

export type Json = Record<string, unknown>;

/** Indexes limit bytes. */
const longestId = 200;

/** An id that must be there. @throws if it is missing or too long for an index */
export function requiredId(value: unknown, name: string): string {
  const text = asString(value);
  if (text === undefined) throw new Error(`no ${name}`);
  if (Buffer.byteLength(text) > longestId) throw new Error(`${name} is too long`);
  return text;
}

/** A time in seconds since 1970. @throws if it is none */
export function timeOf(value: unknown): Date {
  const seconds = Number(asString(value));
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 253_402_300_799) throw new Error('at is not a time');
  return new Date(seconds * 1000);
}

/** A number that may have come as a text; undefined for anything else. */
export function numberIn(value: unknown): number | undefined {
  const text = asString(value);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

const phoneIn = (value: unknown): string | undefined => {
  const text = asString(value);
  return text !== undefined && /^\+\d{5,20}$/.test(text) ? asDialled(text) : undefined;
};

/** The LID of a person; undefined for anything else. */
export const lidIn = (value: unknown): string | undefined => {
  const text = asString(value);
  return text !== undefined && /^\d{5,30}@lid$/.test(text) ? text : undefined;
};

/**
 * A person with both addresses, as far as they are known. The number comes first: it stays when a LID is learnt later.
 * @throws if neither is known
 */
export function personOf(value: unknown): IncomingPerson & { addresses: string[] } {
  const person = asRecord(value) as Partial<WebPerson> | undefined;
  const phone = phoneIn(person?.phone);
  const lid = lidIn(person?.lid);
  const from: Address | undefined = phone
    ? { kind: 'phone', value: phone }
    : lid === undefined
      ? undefined
      : { kind: 'lid', value: lid };
  if (!from) throw new Error('no number and no LID of a person');
  return {
    from,
    userId: lid,
    parentUserId: undefined,
    username: undefined,
    name: asString(person?.name)?.slice(0, 200).toWellFormed(),
    former: [],
    addresses: [phone, lid].filter(address => address !== undefined),
  };
}

/** The hash in hex of one in base64; undefined for anything else. */
export function hexOf(base64: unknown): string | undefined {
  const text = asString(base64);
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 ? bytes.toString('hex') : undefined;
}
