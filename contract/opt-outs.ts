// Opt-outs: who wants no messages, or no marketing messages.
import { z } from 'zod';
import { pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

export const optOutCategories = ['marketing', 'all'] as const;
export type OptOutCategory = (typeof optOutCategories)[number];

export const optOutSources = ['word', 'button', 'whatsapp', 'rejection', 'page', 'person', 'api', 'import'] as const;
export type OptOutSource = (typeof optOutSources)[number];

export const sourceMeaning =
  'word: the person wrote a word like STOP. button: the person pressed a button of a template. whatsapp: the person chose it in WhatsApp. rejection: WhatsApp rejected a marketing message. page: the person used the page behind a link. person: somebody who was logged in. api: an API key. import: an import.';

const reasonInput = textSchema(500);
const category = z.enum(optOutCategories, { error: 'Must be marketing or all.' });

export const createOptOutBody = requestObject({
  contact_id: idSchema('contact').optional(),
  to: textSchema(40)
    .optional()
    .meta({ description: 'The number of the person, with + and country code. Instead of `contact_id`.' }),
  category: category.optional().meta({
    description: 'marketing: no templates of the category MARKETING. all: no messages. Default: all.',
  }),
  suggestion_id: idSchema('opt_out_suggestion')
    .optional()
    .meta({ description: 'A suggestion, which is taken by this. Instead of `contact_id`.' }),
  reason: reasonInput.meta({ description: 'Why the person gets no such messages. Rejected sends show it.' }),
})
  .refine(
    ({ contact_id: contact, to, suggestion_id: suggestion }) =>
      [contact, to, suggestion].filter(value => value !== undefined).length === 1,
    { path: ['contact_id'], error: 'Must have exactly one of contact_id, to and suggestion_id.' },
  )
  .meta({ example: { to: '+12025550123', category: 'marketing', reason: 'Asked on the phone.' } });

export const removeOptOutBody = requestObject({
  reason: reasonInput.meta({ description: 'Why the person gets messages again. The audit log keeps it.' }),
}).meta({ example: { reason: 'Asked for the newsletter again.' } });

export const optOutSchema = z
  .strictObject({
    id: idSchema('opt_out'),
    contact_id: idSchema('contact'),
    phone: z.string().nullable().meta({ description: 'E.164 number. Null where it is hidden or was erased.' }),
    category: z
      .enum(optOutCategories)
      .meta({ description: 'marketing: no templates of the category MARKETING. all: no messages.' }),
    reason: z.string().nullable().meta({ description: 'The reason. Null after the erasure of the person.' }),
    source: z.enum(optOutSources).meta({ description: sourceMeaning }),
    created_at: timeSchema.meta({ description: 'The time of the opt-out.' }),
  })
  .meta({ id: 'OptOut' });
export type OptOut = z.infer<typeof optOutSchema>;

const source = z.enum(optOutSources, { error: `Must be one of ${optOutSources.join(', ')}.` });

const filters = {
  contact_id: idSchema('contact').optional(),
  category: category.optional().meta({ description: 'Only opt-outs of this category.' }),
  source: source.optional().meta({ description: 'Only opt-outs of this source.' }),
};

export const listOptOutsQuery = z.strictObject({ ...pageQuery, ...filters });
export const exportOptOutsQuery = z.strictObject(filters);
export const optOutPage = pageSchema(optOutSchema).meta({ id: 'OptOutPage' });
