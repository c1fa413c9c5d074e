// Fields that several kinds of scripted rules have.
import { z } from 'zod';
import { phoneDigits } from '../kit/ids.ts';
import type { Random } from '../kit/random.ts';

/** How many calls or items a rule is for. */
export const times = z.number().int().min(1).optional();

/** A person's number in any notation, as + and digits. */
export const number = z.string().transform((written, context) => {
  const digits = phoneDigits(written);
  if (digits === null) context.addIssue('not a phone number');
  return `+${digits}`;
});

const milliseconds = z.number().int().min(0).max(86_400_000);

/** Milliseconds, or a range from which the seed draws. */
export const delay = milliseconds.or(z.tuple([milliseconds, milliseconds]));

/** The milliseconds of a delay. */
export const drawDelay = (wanted: number | [number, number], random: Random): number => {
  if (typeof wanted === 'number') return wanted;
  const [least, most] = wanted;
  return least + random.below('delay', Math.max(1, most - least + 1));
};
