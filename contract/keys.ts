// API keys: what programs call with.
import { z } from 'zod';
import { nameSchema, pageQuery, pageSchema, timeInputSchema, timeSchema } from './common.ts';
import { accountLimitSchema, idSchema } from './ids.ts';
import { keyScopes } from './permissions.ts';

const scopes = z
  .array(z.enum(keyScopes, { error: `Must be one of ${keyScopes.join(', ')}.` }))
  .min(1, { error: 'Must name at least one scope.' })
  .max(keyScopes.length)
  .refine(list => new Set(list).size === list.length, { error: 'Must not name a scope twice.' });

const address = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'Must be an IP address, or a range like 10.0.0.0/8.',
});

export const createKeyBody = z
  .strictObject({
    name: nameSchema(100).meta({ description: 'What it is for.' }),
    test: z.boolean().optional().meta({ description: 'A test key reaches accounts of the Sandbox only.' }),
    scopes: scopes.meta({ description: 'What it may do: no more than the person who makes it.' }),
    account_ids: accountLimitSchema
      .optional()
      .meta({ description: 'The accounts that it is limited to; all if not given.' }),
    addresses: z
      .array(address)
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'The IP addresses or ranges that it may be used from; all if not given.' }),
    expires_at: timeInputSchema
      .optional()
      .meta({ description: 'From when on it is good no more; never if not given.' }),
  })
  .meta({ example: { name: 'Shop', scopes: ['messages.create', 'messages.read'] } });

export const updateKeyBody = z.strictObject({ name: nameSchema(100).meta({ description: 'What it is for.' }) });

export const keySchema = z
  .strictObject({
    id: idSchema('api_key'),
    name: z.string().meta({ description: 'What it is for.' }),
    hint: z.string().meta({ description: 'How the key begins.', example: 'rcd_live_4fJq' }),
    test: z.boolean().meta({ description: 'Whether it reaches accounts of the Sandbox only.' }),
    scopes: z.array(z.enum(keyScopes)).meta({ description: 'What it may do.' }),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that it is limited to; null for all.' }),
    addresses: z
      .array(z.string())
      .nullable()
      .meta({ description: 'The IP addresses or ranges that it may be used from; null for all.' }),
    created_by: z
      .strictObject({ id: idSchema('person'), name: z.string().meta({ description: 'What the person is called.' }) })
      .meta({ description: 'Who made it.' }),
    created_at: timeSchema.meta({ description: 'When it was made.' }),
    expires_at: timeSchema.nullable().meta({ description: 'From when on it is good no more; null for never.' }),
    revoked_at: timeSchema.nullable().meta({ description: 'When it was revoked; null where it was not.' }),
    last_used_at: timeSchema.nullable().meta({ description: 'To the minute.' }),
  })
  .meta({ id: 'ApiKey' });

export const newKeySchema = keySchema
  .extend({ key: z.string().meta({ description: 'The key itself. It is shown now and never again.' }) })
  .meta({ id: 'NewApiKey' });

export const listKeysQuery = z.strictObject(pageQuery);
export const keyPage = pageSchema(keySchema).meta({ id: 'ApiKeyPage' });

export type ApiKey = z.infer<typeof keySchema>;
