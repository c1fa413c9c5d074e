// Setting up the first owner, logging in, and the tokens that come of it.
import { z } from 'zod';
import { textSchema } from './common.ts';

export const emailSchema = z.email({ error: 'Must be an e-mail address.' }).max(254).toLowerCase();

export const passwordSchema = textSchema(200, 12).meta({ description: '12 to 200 characters.' });

export const setupBody = z.strictObject({
  token: textSchema(100).meta({ description: 'The one-time token of the setup link that the first start prints.' }),
  email: emailSchema,
  password: passwordSchema,
  name: textSchema(100),
});

export const loginBody = z.strictObject({ email: emailSchema, password: textSchema(200) });

export const refreshBody = z.strictObject({ refresh_token: textSchema(200) });

export const tokensSchema = z
  .strictObject({
    access_token: z.string(),
    refresh_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.number().int().meta({ description: 'Seconds until the access token expires.' }),
  })
  .meta({ id: 'Tokens' });

export type Tokens = z.infer<typeof tokensSchema>;
