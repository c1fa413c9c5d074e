// The people of a workspace, and what each may do in it.
import { z } from 'zod';
import { pageQuery, pageSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';
import { roles } from './permissions.ts';

/** A member of the workspace. */
export const personSchema = z
  .strictObject({
    id: idSchema('person'),
    name: z.string(),
    email: z.string(),
    role: z.enum(roles),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that the person is limited to; null for all.' }),
    disabled: z.boolean(),
    second_factor: z.boolean().meta({ description: 'Whether the person logs in with a second factor.' }),
    created_at: timeSchema,
  })
  .meta({ id: 'Person' });

export const listPeopleQuery = z.strictObject(pageQuery);
export const personPage = pageSchema(personSchema).meta({ id: 'PersonPage' });

export type Person = z.infer<typeof personSchema>;
