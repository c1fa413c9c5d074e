// The page where a person leaves the offers of a workspace, behind a signed link.
import { z } from 'zod';
import { requestObject, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';
import { optOutCategories } from './opt-outs.ts';

export const createOptOutLinkBody = requestObject({
  contact_id: idSchema('contact').optional(),
  to: textSchema(40)
    .optional()
    .meta({ description: 'The number of the person, with + and country code. Instead of `contact_id`.' }),
})
  .refine(body => (body.contact_id === undefined) !== (body.to === undefined), {
    path: ['contact_id'],
    error: 'Must have exactly one of contact_id and to.',
  })
  .meta({ example: { to: '+12025550123' } });

export const optOutLinkSchema = z
  .strictObject({
    contact_id: idSchema('contact'),
    url: z.string().meta({ description: 'The address of the page. It does not expire.' }),
    token: z.string().meta({ description: 'The end of the address, for a button of a template.' }),
  })
  .meta({ id: 'OptOutLink' });

export const optOutStateSchema = z
  .strictObject({
    workspace_name: z.string().meta({ description: 'The name of the workspace.' }),
    number_ending: z.string().nullable().meta({ description: 'The last 4 digits of the number. Null if it has none.' }),
    opted_out: z
      .enum(optOutCategories)
      .nullable()
      .meta({ description: 'The opt-out of the person: marketing, or all messages. Null: none.' }),
    since: timeSchema.nullable().meta({ description: 'The time of the opt-out.' }),
    revocable: z.boolean().meta({ description: 'Whether the page can take it back: it did it.' }),
  })
  .meta({ id: 'OptOutState' });
export type OptOutState = z.infer<typeof optOutStateSchema>;
