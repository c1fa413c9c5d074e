// Phone numbers: parsed as people write them, stored as E.164.
import { type ParseError, parsePhoneNumberWithError } from 'libphonenumber-js/max';
import type { Queryable } from '../../kit/db/database.ts';
import { AppError } from '../../kit/errors.ts';
import { invalid } from '../../kit/http/routes.ts';
import { asDialled } from '../../kit/text/phone.ts';
import { hasAddress } from './store.ts';

const reasons: Record<string, string> = {
  NOT_A_NUMBER: 'is not a phone number',
  INVALID_COUNTRY: 'does not begin with + and a country code',
  TOO_SHORT: 'is too short for its country',
  TOO_LONG: 'is too long',
  INVALID_LENGTH: 'has a length that no number of its country has',
};

/**
 * The number in E.164. Its length has to be possible in its country; whether the range is in use is not asked, because
 * new ranges come faster than any table.
 * @throws AppError invalid_request that names `field` and says what is wrong
 */
export function toE164(written: string, field: string): string {
  const wrong = (why: string) =>
    invalid(field, `The number ${why}. Write it with + and country code, like +12025550123.`);
  // A number that was copied out of an address book has marks around it that turn the text and are not seen.
  const text = written.replaceAll(/\p{Cf}/gu, '').trim();
  if (!text.startsWith('+')) throw wrong('does not begin with + and a country code');
  try {
    const number = parsePhoneNumberWithError(text, { extract: false });
    if (number.ext) throw wrong('has an extension');
    const dialled = asDialled(number.number);
    if (dialled === number.number && !number.isPossible())
      throw wrong('has a length that no number of its country has');
    return dialled;
  } catch (error) {
    const reason = reasons[(error as ParseError).message];
    if (reason) throw wrong(reason);
    throw error;
  }
}

/** How many numbers are remembered as they were written, so that those who are written to often are read once. */
const mostRemembered = 10_000;
const longestRemembered = 40;
const remembered = new Map<string, string>();

/** As `toE164`. What is refused is not remembered: the words of the refusal name the field. @throws AppError as toE164 */
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
 * The number in E.164, or as a channel has shown it to us: what has written to the workspace can be answered and found,
 * also where its country has given up such numbers or the tables know too little.
 * @throws AppError as toE164
 */
export async function readPhone(db: Queryable, workspaceId: string, written: string, field: string): Promise<string> {
  try {
    return rememberedE164(written, field);
  } catch (error) {
    const digits = /^\s*\+([\d\s().-]+)$/.exec(written)?.[1]?.replaceAll(/\D/g, '');
    if (error instanceof AppError && digits && (await hasAddress(db, workspaceId, `+${digits}`))) return `+${digits}`;
    throw error;
  }
}
