// Fields that the bodies of campaigns share.
import { z } from 'zod';

/** A number of percent. */
export const percent = (most = 100) =>
  z
    .number({ error: `Must be a number of percent from 0 to ${most}.` })
    .min(0, { error: 'Must be at least 0.' })
    .max(most, { error: `Must be at most ${most}.` });

/** A whole number within bounds. */
export const whole = (min: number, max: number) =>
  z
    .number({ error: `Must be a whole number from ${min} to ${max}.` })
    .int({ error: 'Must be a whole number.' })
    .min(min, { error: `Must be at least ${min}.` })
    .max(max, { error: `Must be at most ${max}.` });

/** A number of people or messages, in answers. */
export const count = (description: string) => z.number().int().meta({ description });

/** People by some value, in answers. */
export const tally = (description: string) =>
  z
    .array(
      z.strictObject({
        value: z.string().meta({ description: 'The id, the country, the language or the reason.' }),
        people: count('How many people.'),
      }),
    )
    .meta({ description });
