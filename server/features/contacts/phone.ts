// Phone numbers: read as people write them, kept as E.164.
import { type ParseError, parsePhoneNumberWithError } from 'libphonenumber-js/max';
import { invalid } from '../../kit/http.ts';

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
  const text = written.trim();
  if (!text.startsWith('+')) throw wrong('does not begin with + and a country code');
  try {
    const number = parsePhoneNumberWithError(text, { extract: false });
    if (number.ext) throw wrong('has an extension');
    if (!number.isPossible()) throw wrong('has a length that no number of its country has');
    return number.number;
  } catch (error) {
    const reason = reasons[(error as ParseError).message];
    if (reason) throw wrong(reason);
    throw error;
  }
}
