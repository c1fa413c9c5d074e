// API keys: the credentials of programs.
import { z } from 'zod';
import { nameSchema, pageQuery, pageSchema, requestObject, timeInputSchema, timeSchema } from './common.ts';
import { accountLimitSchema, idSchema } from './ids.ts';
import { keyScopes, maskedKeyScopes } from './permissions.ts';

const scopes = z
  .array(z.enum(keyScopes, { error: `Must be one of ${keyScopes.join(', ')}.` }))
  .min(1, { error: 'Must have at least one scope.' })
  .max(keyScopes.length)
  .refine(list => new Set(list).size === list.length, { error: 'Must not repeat a scope.' });

const address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'Must be an IP address or a range like 10.0.0.0/8.',
});

export const createKeyBody = requestObject({
  name: nameSchema(100).meta({ description: 'The purpose of the key.' }),
  test: z.boolean().optional().meta({ description: 'A test key can access Sandbox accounts only.' }),
  scopes: scopes.meta({ description: 'The permissions of the key. The person who creates it must have them too.' }),
  sees_numbers: z
    .boolean({ error: 'Must be true or false.' })
    .optional()
    .meta({
      description: `False: the key gets only the last four digits of the numbers of contacts, and can have only these scopes: ${maskedKeyScopes.join(', ')}. Default: true.`,
    }),
  account_ids: accountLimitSchema
    .optional()
    .meta({ description: 'The accounts that the key can access. Default: all.' }),
  addresses: z
    .array(address)
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'The IP addresses or ranges that may use the key. Default: all.' }),
  expires_at: timeInputSchema.optional().meta({ description: 'The key stops working at this time. Default: never.' }),
})
  .refine(
    ({ sees_numbers, scopes }) => sees_numbers !== false || scopes.every(scope => maskedKeyScopes.includes(scope)),
    {
      path: ['scopes'],
      error: `Must be of ${maskedKeyScopes.join(', ')} for a key that sees no numbers.`,
    },
  )
  .meta({ example: { name: 'Shop', scopes: ['messages.create', 'messages.read'] } });

export const updateKeyBody = requestObject({ name: nameSchema(100).meta({ description: 'The purpose of the key.' }) });

export const keySchema = z
  .strictObject({
    id: idSchema('api_key'),
    name: z.string().meta({ description: 'The purpose of the key.' }),
    hint: z.string().meta({ description: 'The first characters of the key.', example: 'rcd_live_4fJq' }),
    test: z.boolean().meta({ description: 'True if the key can access Sandbox accounts only.' }),
    scopes: z.array(z.enum(keyScopes)).meta({ description: 'The permissions of the key.' }),
    sees_numbers: z
      .boolean()
      .meta({ description: 'False if the key gets only the last four digits of the numbers of contacts.' }),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that the key can access. Null for all.' }),
    addresses: z
      .array(z.string())
      .nullable()
      .meta({ description: 'The IP addresses or ranges that may use the key. Null for all.' }),
    created_by: z
      .strictObject({ id: idSchema('person'), name: z.string().meta({ description: 'The name of the person.' }) })
      .meta({ description: 'The person who created the key.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    expires_at: timeSchema.nullable().meta({ description: 'The key stops working at this time. Null for never.' }),
    revoked_at: timeSchema.nullable().meta({ description: 'The time when the key was revoked. Null if it was not.' }),
    last_used_at: timeSchema
      .nullable()
      .meta({ description: 'The time of the last request with the key, to the minute.' }),
  })
  .meta({ id: 'ApiKey' });

export const newKeySchema = keySchema
  .extend({ key: z.string().meta({ description: 'The key. Recado shows it only in this answer.' }) })
  .meta({ id: 'NewApiKey' });
export type NewApiKey = z.infer<typeof newKeySchema>;

export const listKeysQuery = z.strictObject(pageQuery);
export const keyPage = pageSchema(keySchema).meta({ id: 'ApiKeyPage' });

export type ApiKey = z.infer<typeof keySchema>;
