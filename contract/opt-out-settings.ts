// The settings of opt-outs: words, answers, and whether marketing needs a consent.
import { z } from 'zod';
import { changeBody, requestObject, textSchema } from './common.ts';
import { optOutCategories } from './opt-outs.ts';

const mostWords = 50;
const wordInput = textSchema(40);
const ownWords = (does: string) =>
  z
    .array(wordInput)
    .max(mostWords, { error: `Must have at most ${mostWords} words.` })
    .meta({ description: `Your own words that ${does}. Case, accents and punctuation do not count.` });

const effect = z.enum(optOutCategories, { error: 'Must be marketing or all.' }).meta({
  description:
    'The messages that a word stops. marketing: templates of the category MARKETING. all: all messages. Default: marketing.',
});
const ownText = (when: string) => `The answer ${when}. Null for a text in the language of the word.`;
const consentRequired = z.boolean({ error: 'Must be true or false.' }).meta({
  description:
    'Whether a person gets marketing templates only with a consent in the ledger. Recado rejects others with `consent_missing`. Default: false.',
});
const enabled = z.boolean({ error: 'Must be true or false.' }).meta({
  description: 'Whether Recado answers a word, once in 24 hours for stop and for start. Default: true.',
});

export const optOutSettingsSchema = z
  .strictObject({
    effect,
    answers: z
      .strictObject({
        enabled,
        stop: z
          .string()
          .nullable()
          .meta({ description: ownText('to a word that stops messages') }),
        start: z
          .string()
          .nullable()
          .meta({ description: ownText('to a word that starts messages again') }),
      })
      .meta({ description: 'The short answer to a word.' }),
    words: z
      .strictObject({
        stop: z.array(z.string()).meta({ description: 'Your own words that stop messages, in small letters.' }),
        start: z.array(z.string()).meta({ description: 'Your own words that start them again, in small letters.' }),
        built_in: z
          .array(
            z.strictObject({
              word: z.string().meta({ description: 'The word.' }),
              language: z.string().meta({ description: 'Its language, as in `pt`.' }),
              action: z.enum(['stop', 'start']).meta({ description: 'Whether it stops or starts messages.' }),
              on: z.boolean().meta({ description: 'Whether it acts in this workspace.' }),
            }),
          )
          .meta({ description: 'The words that every workspace has.' }),
      })
      .meta({ description: 'The words. Only a whole message counts.' }),
    consent_required: consentRequired,
  })
  .meta({ id: 'OptOutSettings' });
export type OptOutSettings = z.infer<typeof optOutSettingsSchema>;

export const updateOptOutSettingsBody = changeBody({
  effect: effect.optional(),
  answers: requestObject({
    enabled: enabled.optional(),
    stop: textSchema(500)
      .nullable()
      .optional()
      .meta({ description: ownText('to a word that stops messages') }),
    start: textSchema(500)
      .nullable()
      .optional()
      .meta({ description: ownText('to a word that starts messages again') }),
  })
    .optional()
    .meta({ description: 'The short answer to a word. Absent fields stay as they are.' }),
  words: requestObject({
    stop: ownWords('stop messages').optional(),
    start: ownWords('start messages again').optional(),
    turn_on: z.array(wordInput).max(100).optional().meta({ description: 'Built-in words that act from now on.' }),
    turn_off: z.array(wordInput).max(100).optional().meta({ description: 'Built-in words that no longer act.' }),
  })
    .optional()
    .meta({ description: 'The words. Lists replace the earlier ones; absent fields stay as they are.' }),
  consent_required: consentRequired.optional(),
});
export type UpdateOptOutSettings = z.infer<typeof updateOptOutSettingsBody>;
