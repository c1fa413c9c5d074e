// Phone numbers: parsed as people write them, stored as E.164.
import { type ParseError, parsePhoneNumberWithError } from 'libphonenumber-js/max';
import type { Queryable } from '../../kit/db/database.ts';
import { AppError } from '../../kit/errors.ts';
import { invalid } from '../../kit/http/routes.ts';
import { asDialled } from '../../kit/text/phone.ts';
import { findByPhone, hasAddress } from './store.ts';

const reasons = {
  NO_PLUS: 'does not begin with +',
  EXTENSION: 'has an extension',
  IMPOSSIBLE: 'has an impossible length for its country',
  NOT_A_NUMBER: 'is not a phone number',
  INVALID_COUNTRY: 'has a country code that does not exist',
  TOO_SHORT: 'is too short for its country',
  TOO_LONG: 'is too long',
  INVALID_LENGTH: 'has an impossible length for its country',
};
export type NumberFault = keyof typeof reasons;

const isFault = (text: string): text is NumberFault => Object.hasOwn(reasons, text);

/** The number in E.164, or what is wrong with it. */
export function numberOf(written: string): { phone: string } | { fault: NumberFault } {
  // A number copied from an address book may have invisible bidirectional marks.
  const text = written.replaceAll(/\p{Cf}/gu, '').trim();
  if (!text.startsWith('+')) return { fault: 'NO_PLUS' };
  try {
    const number = parsePhoneNumberWithError(text, { extract: false });
    if (number.ext) return { fault: 'EXTENSION' };
    const dialled = asDialled(number.number);
    return dialled === number.number && !number.isPossible() ? { fault: 'IMPOSSIBLE' } : { phone: dialled };
  } catch (error) {
    const { message } = error as ParseError;
    if (isFault(message)) return { fault: message };
    throw error;
  }
}

/**
 * The number in E.164. Checks that its length is possible in its country, but not that its range is in use: new
 * ranges appear faster than any table.
 * @throws AppError invalid_request that names `field` and the problem
 */
export function toE164(written: string, field: string): string {
  const read = numberOf(written);
  if ('phone' in read) return read.phone;
  throw invalid(field, `The number ${reasons[read.fault]}. Write it with + and country code, like +12025550123.`);
}

/** How many parsed numbers are cached by their written form, so that frequent recipients are parsed once. */
const mostRemembered = 10_000;
const longestRemembered = 40;
const remembered = new Map<string, string>();

/** Like `toE164`. Errors are not cached, because they name the field. @throws AppError as toE164 */
function rememberedE164(written: string, field: string): string {
  const known = remembered.get(written);
  if (known !== undefined) return known;
  const number = toE164(written, field);
  if (written.length > longestRemembered) return number;
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(written, number);
  return number;
}

/**
 * The number in E.164, or in the form in which a channel showed it to us. Anyone who wrote to the workspace can be
 * answered and found, even if their country dropped such numbers or our tables lack them.
 * @throws AppError as toE164
 */
export async function readPhone(db: Queryable, workspaceId: string, written: string, field: string): Promise<string> {
  try {
    return rememberedE164(written, field);
  } catch (error) {
    const digits = /^\s*\+([\d\s().-]+)$/.exec(written)?.[1]?.replaceAll(/\D/g, '');
    if (error instanceof AppError && digits && (await hasAddress(db, workspaceId, 'phone', `+${digits}`)))
      return `+${digits}`;
    throw error;
  }
}

/** A number in a query parameter, in E.164. @throws AppError as toE164 */
export async function readPhoneQuery(db: Queryable, workspaceId: string, written: string): Promise<string> {
  // In a URL, an unencoded + means a space.
  if (written.startsWith(' ')) throw invalid('phone', 'In a URL, write the + of a number as %2B.');
  return readPhone(db, workspaceId, written, 'phone');
}

/** The contact with the number in a query parameter. @throws AppError as toE164 */
export async function contactByPhone(db: Queryable, workspaceId: string, written: string): Promise<string | undefined> {
  return findByPhone(db, workspaceId, await readPhoneQuery(db, workspaceId, written));
}
