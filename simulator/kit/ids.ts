// Ids and phone numbers in Meta's formats.
import { createHash } from 'node:crypto';
import type { Random } from './random.ts';

export type Ids = {
  /** A new message id in Meta's format, which contains the person's digits. */
  message(person: string, direction: 'received' | 'written'): string;
  /** A trace id that is clearly not Meta's. */
  trace(): string;
  /** That many decimal digits. */
  digits(purpose: string, count: number): string;
};

export const createIds = (random: Random): Ids => ({
  message: (person, direction) => {
    const digits = Buffer.from(person, 'latin1').subarray(0, 255);
    const rest = random.bytes(`${direction} ${person}`, 10).toString('hex').toUpperCase();
    const bytes = [
      [0x1c, 0x18, digits.length],
      digits,
      [0x15, 0x02, 0x00, 0x11, 0x18, rest.length],
      Buffer.from(rest),
      [0],
    ];
    return `wamid.${Buffer.concat(bytes.map(part => Buffer.from(part))).toString('base64')}`;
  },
  trace: () => `SIM${random.bytes('trace', 8).toString('hex')}`,
  digits: (purpose, count) => Array.from({ length: count }, () => random.below(purpose, 10)).join(''),
});

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The digits of a plausible international number in any usual notation, or null. */
export const phoneDigits = (written: string): string | null => {
  const digits = written.replace(/[+\s\-()]/g, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? digits : null;
};
