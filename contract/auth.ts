// Setting up the first owner, logging in, and the tokens that come of it.
import { z } from 'zod';
import { nameSchema, pageQuery, pageSchema, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';
import { permissions, roles } from './permissions.ts';

export const emailSchema = z
  .email({ error: 'Must be an e-mail address.' })
  .max(254)
  .toLowerCase()
  .meta({ description: 'An e-mail address; it is kept in lower case.' });

export const passwordSchema = textSchema(200, 12).meta({ description: '12 to 200 characters.' });

export const setupBody = z
  .strictObject({
    token: textSchema(100).meta({ description: 'The one-time token of the setup link that the first start prints.' }),
    email: emailSchema,
    password: passwordSchema,
    name: nameSchema(100).meta({ description: 'What the owner is called.' }),
  })
  .meta({
    example: {
      token: 'the_token_of_the_link',
      email: 'owner@example.com',
      password: 'four words picked at random',
      name: 'Ana',
    },
  });

export const cookiesSchema = z.boolean().optional().meta({
  description: 'For the web app: puts the tokens into cookies that scripts cannot read, and answers a CSRF token.',
});

/** A code of an authenticator app, or a recovery code. Spaces and hyphens in it do not matter. */
export const codeSchema = textSchema(40).meta({
  description: 'The six digits of the authenticator app, or a recovery code.',
  example: '492039',
});

const presentPassword = textSchema(200).meta({ description: 'The password of now.' });

const code = codeSchema.optional().meta({ description: 'Only where the person has a second factor.' });

export const loginBody = z
  .strictObject({
    email: emailSchema,
    password: presentPassword,
    code,
    cookies: cookiesSchema,
  })
  .meta({ example: { email: 'owner@example.com', password: 'four words picked at random' } });

export const refreshBody = z
  .strictObject({
    refresh_token: textSchema(200).optional().meta({ description: 'Left out where it is in a cookie.' }),
  })
  .meta({ example: { refresh_token: 'the_one_of_the_last_answer' } });

/** Of a request whose refresh token is in a cookie. */
export const cookieHeaders = z.looseObject({
  'x-csrf-token': z.string().optional().meta({
    description: 'The `csrf_token` of the session, where the refresh token is in its cookie (`recado_refresh`).',
  }),
});

export const tokensSchema = z
  .strictObject({
    access_token: z.string().meta({ description: 'For the header `Authorization: Bearer`.' }),
    refresh_token: z.string().meta({ description: 'Gives new tokens, once; `expires_in` says when they are needed.' }),
    token_type: z.literal('Bearer').meta({ description: 'Always `Bearer`.' }),
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

export type CookieSession = z.infer<typeof cookieSessionSchema>;

export const sessionAnswer = z.union([tokensSchema, cookieSessionSchema]);

/** Who calls, and where. */
export const meSchema = z
  .strictObject({
    kind: z.enum(['person', 'api_key']).meta({ description: 'What calls.' }),
    person: z
      .strictObject({
        id: idSchema('person'),
        name: z.string().meta({ description: 'What the person is called.' }),
        email: z.string().meta({ description: 'What the person logs in with.' }),
      })
      .nullable()
      .meta({ description: 'Null for an API key.' }),
    api_key: z
      .strictObject({ id: idSchema('api_key'), name: z.string().meta({ description: 'What it is for.' }) })
      .nullable()
      .meta({ description: 'Null for a person.' }),
    workspace: z
      .strictObject({ id: idSchema('workspace'), name: z.string().meta({ description: 'What it is called.' }) })
      .meta({ description: 'The workspace that the request sees.' }),
    role: z.enum(roles).nullable().meta({ description: 'Of the person in this workspace; null for an API key.' }),
  })
  .meta({ id: 'Me' });

/** What the caller may do at this moment. */
export const myPermissionsSchema = z
  .strictObject({
    permissions: z.array(z.enum(permissions)).meta({ description: 'What the caller may do.' }),
    role: z.enum(roles).nullable().meta({ description: 'Of a person in this workspace; null for an API key.' }),
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
    address: z.string().nullable().meta({ description: 'The IP address of the login.' }),
    user_agent: z.string().nullable().meta({ description: 'What the program at the login calls itself.' }),
    created_at: timeSchema.meta({ description: 'When the person logged in.' }),
    renewed_at: timeSchema.meta({ description: 'When its tokens were last renewed.' }),
    expires_at: timeSchema.meta({ description: 'When it ends if it is not renewed.' }),
  })
  .meta({ id: 'Session' });

export const listSessionsQuery = z.strictObject(pageQuery);
export const sessionPage = pageSchema(sessionSchema).meta({ id: 'SessionPage' });

export const forgotBody = z.strictObject({ email: emailSchema }).meta({ example: { email: 'owner@example.com' } });

/** The answer is the same whether anybody has the address. */
export const forgotAnswer = z
  .strictObject({ message: z.string().meta({ description: 'What happens now, for people.' }) })
  .meta({ id: 'ResetAsked' });

export const resetBody = z
  .strictObject({
    token: textSchema(100).meta({ description: 'The one-time token of the link.' }),
    password: passwordSchema,
  })
  .meta({ example: { token: 'the_token_of_the_link', password: 'four words picked at random' } });

export const secondFactorSchema = z
  .strictObject({
    enabled: z.boolean().meta({ description: 'Whether a login asks for a code.' }),
    recovery_codes_left: z.number().int().meta({ description: 'How many recovery codes have not been used.' }),
  })
  .meta({ id: 'SecondFactor' });

export const beginSecondFactorBody = z
  .strictObject({ password: presentPassword })
  .meta({ example: { password: 'four words picked at random' } });

export const newSecondFactorSchema = z
  .strictObject({
    secret: z.string().meta({ description: 'For typing into the authenticator app. It is shown now and never again.' }),
    otpauth_uri: z.string().meta({ description: 'The same as an address, for a QR code.' }),
  })
  .meta({ id: 'NewSecondFactor' });

export const confirmSecondFactorBody = z
  .strictObject({
    code: codeSchema.meta({ description: 'The six digits that the app shows now.' }),
  })
  .meta({ example: { code: '492039' } });

export const recoveryCodesSchema = z
  .strictObject({
    recovery_codes: z
      .array(z.string())
      .meta({ description: 'Each stands in for one code of the app, once. They are shown now and never again.' }),
  })
  .meta({ id: 'RecoveryCodes' });

export const proveSecondFactorBody = z
  .strictObject({ password: presentPassword, code: codeSchema })
  .meta({ example: { password: 'four words picked at random', code: '492039' } });

export const changePasswordBody = z
  .strictObject({ current_password: presentPassword, new_password: passwordSchema })
  .meta({ example: { current_password: 'four words picked at random', new_password: 'four other words at random' } });
