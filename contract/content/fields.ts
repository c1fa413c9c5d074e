// The fields that several kinds of content share: texts, links and files.
import { z } from 'zod';
import { storableRule, textSchema, visibleRule } from '../common.ts';
import { idSchema } from '../ids.ts';

/** A text of a content. The channel's limit of its length is checked when a message is accepted. */
export const text = (description: string, example?: string) =>
  z
    .string()
    .min(1, { error: 'Must not be empty.' })
    .refine(...storableRule)
    .meta({ description, ...(example !== undefined && { example }) });

export const visibleText = (description: string) =>
  z
    .string()
    .min(1, { error: 'Must not be empty.' })
    .refine(...storableRule)
    .refine(...visibleRule)
    .meta({ description });

export const literal = <Value extends string>(value: Value, description: string) =>
  z.literal(value, { error: `Must be "${value}".` }).meta({ description });

export const webLink = (description: string) =>
  z
    .url({ protocol: /^https?$/, error: 'Must be an http or https link.' })
    .max(2048, { error: 'Must have at most 2048 characters.' })
    .refine(...storableRule)
    .meta({ description });

/** The file name that a recipient sees. */
export const filename = textSchema(240).meta({ description: 'The file name that the recipient sees.' });

/** The file of a content: an uploaded file by its id, or a link for the channel. */
export const file = {
  id: idSchema('media').optional(),
  link: webLink('The link from which WhatsApp downloads the file.').optional(),
};
export const named = (content: { id?: string | undefined; link?: string | undefined }) =>
  (content.id === undefined) !== (content.link === undefined);
export const oneName = { error: 'Must have exactly one of id and link.' };
