// A reaction to a message.
import { z } from 'zod';
import { requestObject, timeSchema } from '../common.ts';
import { idSchema } from '../ids.ts';
import type { SentContentType } from './content-type.ts';

/** One emoji, of which newer ones than this program knows. */
const isEmoji = (value: string) =>
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(value) &&
  [...new Intl.Segmenter().segment(value)].length === 1;

export const reaction = {
  schema: requestObject({
    message_id: idSchema('message').meta({ description: 'The message to react to.' }),
    emoji: z
      .string()
      .refine(value => value === '' || isEmoji(value), { error: 'Must be one emoji, or null to remove the reaction.' })
      .nullable()
      .meta({ description: 'The emoji. Null or an empty text removes the reaction.', example: '👍' }),
  }).meta({ id: 'ReactionContent' }),
  shown: z.looseObject({
    message_id: idSchema('message').nullable().meta({ description: 'The message reacted to. Null if unknown.' }),
    channel_message_id: z.string().nullable().meta({ description: 'The id of that message at the channel.' }),
    emoji: z.string().nullable().meta({ description: 'The emoji. Null if the reaction was removed.' }),
  }),
  file: null,
  gist: [],
  canBeUnread: false,
  quotes: false,
} as const satisfies SentContentType;

/** A reaction as it is stored: its message is in the context. An inbound one also has the channel's id of it. */
export interface StoredReaction {
  emoji: string | null;
  channel_message_id?: string;
}

/** The reactions to a message, at most one of each side. */
export const reactionsSchema = z
  .array(
    z.strictObject({
      from: z.enum(['contact', 'account']).meta({ description: 'Who reacted.' }),
      emoji: z.string().meta({ description: 'The emoji.' }),
      at: timeSchema.meta({ description: 'The time of the reaction, by the channel’s clock.' }),
    }),
  )
  .meta({ description: 'The reactions to the message. Empty if there is none.' });
