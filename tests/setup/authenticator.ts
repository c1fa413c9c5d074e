// An authenticator app.
import { codeAt, stepAt } from '../../server/features/auth/totp.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an app shows at a time for a secret that was typed into it. */
export function codeOf(secret: string, ms: number): string {
  const bits = [...secret].map(letter => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)));
  return codeAt(bytes, stepAt(ms));
}
