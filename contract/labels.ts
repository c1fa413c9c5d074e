// Labels of contacts and of conversations.
import { z } from 'zod';
import { changeBody, nameSchema, requestObject, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';

export const labelKinds = ['contact', 'conversation'] as const;
export type LabelKind = (typeof labelKinds)[number];

/** The colours of labels, in the order of the tokens --label-1 to --label-8 of the web app. */
export const labelColors = ['indigo', 'orange', 'teal', 'magenta', 'olive', 'gray', 'violet', 'brown'] as const;
export type LabelColor = (typeof labelColors)[number];

/** How many labels a workspace may have. */
export const mostLabels = 200;
/** How many contacts one request may label. */
export const mostLabelled = 10_000;

const color = z.enum(labelColors, { error: `Must be one of ${labelColors.join(', ')}.` });

/** A label as contacts and conversations show it. */
export const shownLabelSchema = z
  .strictObject({
    id: idSchema('label'),
    name: z.string().meta({ description: 'The name of the label.', example: 'collector' }),
    color: color.meta({ description: 'The colour of the mark beside the name.' }),
  })
  .meta({ id: 'ShownLabel' });
export type ShownLabel = z.infer<typeof shownLabelSchema>;

export const labelSchema = z
  .strictObject({
    id: idSchema('label'),
    name: z.string().meta({ description: 'The name of the label.', example: 'collector' }),
    color: color.meta({ description: 'The colour of the mark beside the name.' }),
    on: z.enum(labelKinds).meta({ description: 'Whether it is for contacts or for conversations. It never changes.' }),
    used_by: z.number().int().nullable().meta({
      description: 'How many contacts or conversations have it. Null above 10,000.',
    }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change.' }),
  })
  .meta({ id: 'Label' });
export type Label = z.infer<typeof labelSchema>;

export const labelList = z
  .strictObject({ data: z.array(labelSchema).meta({ description: 'All labels, by name.' }) })
  .meta({ id: 'LabelList' });

const name = nameSchema(50).meta({
  description: 'The name. Unique among the labels of its kind, without regard to case and accents.',
});

export const createLabelBody = requestObject({
  name,
  color: color.meta({ description: 'The colour of the mark beside the name.' }),
  on: z
    .enum(labelKinds, { error: 'Must be contact or conversation.' })
    .meta({ description: 'Whether it is for contacts or for conversations. It never changes.' }),
}).meta({ example: { name: 'collector', color: 'teal', on: 'contact' } });

export const updateLabelBody = changeBody({
  name: name.optional(),
  color: color.optional().meta({ description: 'The colour of the mark beside the name.' }),
}).meta({ example: { color: 'violet' } });

export const listLabelsQuery = z.strictObject({
  on: z
    .enum(labelKinds, { error: 'Must be contact or conversation.' })
    .optional()
    .meta({ description: 'Only the labels of this kind.' }),
});

/** The labels of a contact as a whole, in a request. */
export const labelIdsInput = z
  .array(idSchema('label'))
  .max(mostLabels, { error: `Must have at most ${mostLabels} labels.` })
  .refine(ids => new Set(ids).size === ids.length, { error: 'Must not repeat a label.' })
  .meta({ description: 'All labels that it has from now on.', example: [idExamples.label] });
