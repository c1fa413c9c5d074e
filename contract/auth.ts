// Setup of the first owner, logins and their tokens, passwords and second factors.
import { z } from 'zod';
import { nameSchema, pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';
import { conversationLimits, permissions, roles } from './permissions.ts';

export const emailSchema = z
  .email({ error: 'Must be an e-mail address.' })
  .max(254)
  .toLowerCase()
  .meta({ description: 'An e-mail address. Recado stores it in lower case.' });

export const passwordSchema = textSchema(200, 12).meta({ description: '12 to 200 characters.' });

export const setupBody = requestObject({
  token: textSchema(100).meta({
    description: 'The one-time token of the setup link. The first start prints the link.',
  }),
  email: emailSchema,
  password: passwordSchema,
  name: nameSchema(100).meta({ description: 'The name of the owner.' }),
}).meta({
  example: {
    token: 'the_token_of_the_link',
    email: 'owner@example.com',
    password: 'four words picked at random',
    name: 'Ana',
  },
});

/** Facts of the installation that the pages before the login show. */
export const setupStateSchema = z
  .strictObject({
    has_owner: z.boolean().meta({ description: 'Whether the first owner exists: then people log in.' }),
    sends_mail: z.boolean().meta({ description: 'Whether the server can mail invitations and reset links.' }),
  })
  .meta({ id: 'SetupState' });

export const cookiesSchema = z.boolean().optional().meta({
  description: 'For browsers: sets the tokens as HttpOnly cookies and answers a CSRF token.',
});

/** A code of an authenticator app, or a recovery code. Spaces and hyphens are ignored. */
export const codeSchema = textSchema(40).meta({
  description: 'The six digits of the authenticator app, or a recovery code.',
  example: '492039',
});

const currentPassword = textSchema(200).meta({ description: 'The current password.' });

const code = codeSchema.optional().meta({ description: 'Required if the person has a second factor.' });

export const loginBody = requestObject({
  email: emailSchema,
  password: currentPassword,
  code,
  workspace_id: idSchema('workspace')
    .optional()
    .meta({ description: 'The workspace to enter. Default: the workspace that the person used last.' }),
  cookies: cookiesSchema,
}).meta({ example: { email: 'owner@example.com', password: 'four words picked at random' } });

export const refreshBody = requestObject({
  refresh_token: textSchema(200).optional().meta({ description: 'The refresh token, unless it is in a cookie.' }),
}).meta({ example: { refresh_token: 'the_one_of_the_last_answer' } });

/** The headers of a request whose refresh token is in a cookie. */
export const cookieHeaders = z.looseObject({
  'x-csrf-token': z.string().optional().meta({
    description: 'The `csrf_token` of the session. Required with the cookie `recado_refresh`.',
  }),
});

export const tokensSchema = z
  .strictObject({
    access_token: z.string().meta({ description: 'The token for the header `Authorization: Bearer`.' }),
    refresh_token: z.string().meta({ description: 'The one-time token for `POST /api/v1/auth/refresh`.' }),
    token_type: z.literal('Bearer').meta({ description: 'Always `Bearer`.' }),
    expires_in: z.number().int().meta({ description: 'Seconds until the access token expires.' }),
  })
  .meta({ id: 'Tokens' });

export type Tokens = z.infer<typeof tokensSchema>;

export const cookieSessionSchema = z
  .strictObject({
    csrf_token: z.string().meta({ description: 'Send it as `X-CSRF-Token` with each request that changes something.' }),
    expires_in: z.number().int().meta({ description: 'Seconds until the cookie with the access token expires.' }),
  })
  .meta({ id: 'CookieSession' });

export type CookieSession = z.infer<typeof cookieSessionSchema>;

export const sessionAnswer = z.union([tokensSchema, cookieSessionSchema]);

/** The caller and the workspace. */
export const meSchema = z
  .strictObject({
    kind: z.enum(['person', 'api_key']).meta({ description: 'The kind of the caller.' }),
    person: z
      .strictObject({
        id: idSchema('person'),
        name: z.string().meta({ description: 'The name of the person.' }),
        email: z.string().meta({ description: 'The e-mail address for the login.' }),
      })
      .nullable()
      .meta({ description: 'The person. Null for an API key.' }),
    api_key: z
      .strictObject({ id: idSchema('api_key'), name: z.string().meta({ description: 'The purpose of the key.' }) })
      .nullable()
      .meta({ description: 'The API key. Null for a person.' }),
    workspace: z
      .strictObject({ id: idSchema('workspace'), name: z.string().meta({ description: 'The name of the workspace.' }) })
      .meta({ description: 'The workspace of the request.' }),
    role: z
      .enum(roles)
      .nullable()
      .meta({ description: 'The role of the person in this workspace. Null for an API key.' }),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof meSchema>;

/** The current permissions of the caller. */
export const myPermissionsSchema = z
  .strictObject({
    permissions: z.array(z.enum(permissions)).meta({ description: 'The permissions of the caller.' }),
    role: z
      .enum(roles)
      .nullable()
      .meta({ description: 'The role of the person in this workspace. Null for an API key.' }),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that the caller can access. Null for all.' }),
    conversations: z
      .enum(conversationLimits)
      .meta({ description: 'The conversations that the caller reads. An API key reads all.' }),
    sees_numbers: z.boolean().meta({ description: 'Whether the caller sees the phone numbers of contacts.' }),
  })
  .meta({ id: 'MyPermissions' });
export type MyPermissions = z.infer<typeof myPermissionsSchema>;

export const sessionSchema = z
  .strictObject({
    id: idSchema('session'),
    current: z.boolean().meta({ description: 'True for the session of this request.' }),
    address: z.string().nullable().meta({ description: 'The IP address of the login.' }),
    user_agent: z.string().nullable().meta({ description: 'The `User-Agent` of the login.' }),
    created_at: timeSchema.meta({ description: 'The time of the login.' }),
    renewed_at: timeSchema.meta({ description: 'The time of the last refresh.' }),
    expires_at: timeSchema.meta({ description: 'The session ends at this time unless it is refreshed.' }),
  })
  .meta({ id: 'Session' });

export const listSessionsQuery = z.strictObject(pageQuery);
export const sessionPage = pageSchema(sessionSchema).meta({ id: 'SessionPage' });

export type Session = z.infer<typeof sessionSchema>;

export const endedSessionsSchema = z
  .strictObject({ ended: z.number().int().meta({ description: 'How many sessions ended.' }) })
  .meta({ id: 'EndedSessions' });

/** A session of somebody in the workspace, as those see it who manage people. */
export const workspaceSessionSchema = z
  .strictObject({
    ...sessionSchema.shape,
    person: z
      .strictObject({ id: idSchema('person'), name: z.string().meta({ description: 'The name of the person.' }) })
      .meta({ description: 'Who is logged in.' }),
  })
  .meta({ id: 'WorkspaceSession' });

export const listWorkspaceSessionsQuery = z.strictObject({
  ...pageQuery,
  person_id: idSchema('person').optional().meta({ description: 'Only sessions of this person.' }),
});
export const workspaceSessionPage = pageSchema(workspaceSessionSchema).meta({ id: 'WorkspaceSessionPage' });

export const testMailSchema = z
  .strictObject({
    sent: z.boolean().meta({ description: 'Whether the mail server accepted the mail.' }),
    to: z.string().meta({ description: 'Your e-mail address.', example: 'ana@example.com' }),
    from: z.string().meta({ description: 'The sender, as `SMTP_FROM` says.', example: 'Recado <recado@example.com>' }),
    server: z.string().meta({ description: 'The mail server and its port.', example: 'mail.example.com:587' }),
    error: z
      .strictObject({
        code: z
          .enum(['dns', 'connection', 'tls', 'login', 'sender', 'recipient', 'deadline', 'other'])
          .meta({ description: 'What failed.', example: 'login' }),
        response: z.string().nullable().meta({
          description: 'What the mail server answered, if it did.',
          example: '535 5.7.8 Authentication credentials invalid',
        }),
        remedy: z.string().meta({ description: 'What to do first.' }),
      })
      .nullable()
      .meta({ description: 'Why it was not sent. Null if it was.' }),
  })
  .meta({ id: 'TestMail' });
export type TestMail = z.infer<typeof testMailSchema>;

export const forgotBody = requestObject({ email: emailSchema }).meta({ example: { email: 'owner@example.com' } });

/** The answer is the same for known and unknown addresses. */
export const forgotAnswer = z
  .strictObject({ message: z.string().meta({ description: 'Human-readable: what happens next.' }) })
  .meta({ id: 'ResetAsked' });

export const resetBody = requestObject({
  token: textSchema(100).meta({ description: 'The one-time token of the link.' }),
  password: passwordSchema,
}).meta({ example: { token: 'the_token_of_the_link', password: 'four words picked at random' } });

export const secondFactorSchema = z
  .strictObject({
    enabled: z.boolean().meta({ description: 'True if a login requires a code.' }),
    recovery_codes_left: z.number().int().meta({ description: 'Number of unused recovery codes.' }),
  })
  .meta({ id: 'SecondFactor' });

export const beginSecondFactorBody = requestObject({ password: currentPassword }).meta({
  example: { password: 'four words picked at random' },
});

export const newSecondFactorSchema = z
  .strictObject({
    secret: z
      .string()
      .meta({ description: 'The secret for the authenticator app. Recado shows it only in this answer.' }),
    otpauth_uri: z.string().meta({ description: 'The secret as an `otpauth:` URI, for a QR code.' }),
  })
  .meta({ id: 'NewSecondFactor' });

export const confirmSecondFactorBody = requestObject({
  code: codeSchema.meta({ description: 'The six digits that the app shows now.' }),
}).meta({ example: { code: '492039' } });

export const recoveryCodesSchema = z
  .strictObject({
    recovery_codes: z
      .array(z.string())
      .meta({ description: 'One-time codes that replace a code of the app. Recado shows them only in this answer.' }),
  })
  .meta({ id: 'RecoveryCodes' });

export const proveSecondFactorBody = requestObject({ password: currentPassword, code: codeSchema }).meta({
  example: { password: 'four words picked at random', code: '492039' },
});

export const changePasswordBody = requestObject({
  current_password: currentPassword,
  new_password: passwordSchema,
}).meta({ example: { current_password: 'four words picked at random', new_password: 'four other words at random' } });
