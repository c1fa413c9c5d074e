// Opt-outs: who wants no messages, or no marketing messages.
import { z } from 'zod';
import { pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

export const optOutCategories = ['marketing', 'all'] as const;
export type OptOutCategory = (typeof optOutCategories)[number];

export const optOutSources = ['api', 'person', 'rejection'] as const;
export type OptOutSource = (typeof optOutSources)[number];

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
  reason: reasonInput.meta({ description: 'Why the person gets no such messages. Rejected sends show it.' }),
})
  .refine(body => (body.contact_id === undefined) !== (body.to === undefined), {
    path: ['contact_id'],
    error: 'Must have exactly one of contact_id and to.',
  })
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
    source: z.enum(optOutSources).meta({
      description: 'api: a caller. person: the person, in WhatsApp. rejection: WhatsApp rejected a marketing message.',
    }),
    created_at: timeSchema.meta({ description: 'The time of the opt-out.' }),
  })
  .meta({ id: 'OptOut' });
export type OptOut = z.infer<typeof optOutSchema>;

const filters = {
  contact_id: idSchema('contact').optional(),
  category: category.optional().meta({ description: 'Only opt-outs of this category.' }),
  source: z
    .enum(optOutSources, { error: 'Must be api, person or rejection.' })
    .optional()
    .meta({ description: 'Only opt-outs of this source.' }),
};

export const listOptOutsQuery = z.strictObject({ ...pageQuery, ...filters });
export const exportOptOutsQuery = z.strictObject(filters);
export const optOutPage = pageSchema(optOutSchema).meta({ id: 'OptOutPage' });
