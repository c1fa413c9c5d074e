// Setting up the first owner, logging in, and the tokens that come of it.
import { z } from 'zod';
import { pageQuery, pageSchema, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';
import { permissions, roles } from './permissions.ts';

export const emailSchema = z.email({ error: 'Must be an e-mail address.' }).max(254).toLowerCase();

export const passwordSchema = textSchema(200, 12).meta({ description: '12 to 200 characters.' });

export const setupBody = z.strictObject({
  token: textSchema(100).meta({ description: 'The one-time token of the setup link that the first start prints.' }),
  email: emailSchema,
  password: passwordSchema,
  name: textSchema(100),
});

const cookies = z.boolean().optional().meta({
  description: 'For the web app: puts the tokens into cookies that scripts cannot read, and answers a CSRF token.',
});

export const loginBody = z.strictObject({ email: emailSchema, password: textSchema(200), cookies });

export const refreshBody = z.strictObject({
  refresh_token: textSchema(200).optional().meta({ description: 'Left out where it is in a cookie.' }),
});

export const tokensSchema = z
  .strictObject({
    access_token: z.string(),
    refresh_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.number().int().meta({ description: 'Seconds until the access token expires.' }),
  })
  .meta({ id: 'Tokens' });

export type Tokens = z.infer<typeof tokensSchema>;

export const cookieSessionSchema = z
  .strictObject({
    csrf_token: z.string().meta({ description: 'Goes with every request that changes something, as `X-CSRF-Token`.' }),
    expires_in: z.number().int().meta({ description: 'Seconds until the cookie with the access token expires.' }),
  })
  .meta({ id: 'CookieSession' });

export const sessionAnswer = z.union([tokensSchema, cookieSessionSchema]);

/** Who calls, and where. */
export const meSchema = z
  .strictObject({
    kind: z.enum(['person', 'api_key']),
    person: z.strictObject({ id: idSchema('person'), name: z.string(), email: z.string() }).nullable(),
    api_key: z.strictObject({ id: idSchema('api_key'), name: z.string() }).nullable(),
    workspace: z.strictObject({ id: idSchema('workspace'), name: z.string() }),
    role: z.enum(roles).nullable(),
  })
  .meta({ id: 'Me' });

/** What the caller may do at this moment. */
export const myPermissionsSchema = z
  .strictObject({
    permissions: z.array(z.enum(permissions)),
    role: z.enum(roles).nullable(),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that the caller is limited to; null for all.' }),
  })
  .meta({ id: 'MyPermissions' });

export const sessionSchema = z
  .strictObject({
    id: idSchema('session'),
    current: z.boolean().meta({ description: 'Whether this request belongs to it.' }),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    created_at: timeSchema,
    renewed_at: timeSchema,
    expires_at: timeSchema,
  })
  .meta({ id: 'Session' });

export const listSessionsQuery = z.strictObject(pageQuery);
export const sessionPage = pageSchema(sessionSchema).meta({ id: 'SessionPage' });

export const changePasswordBody = z.strictObject({ current_password: textSchema(200), new_password: passwordSchema });
