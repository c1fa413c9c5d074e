// Reads the process environment: reports all mistakes at once, and generates missing secrets.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { linkReaches } from './link-fetch.ts';
import type { SimulatorOptions } from './options.ts';

const secret = z.string().min(8, 'needs at least 8 characters').optional();

const variables = z.object({
  SIMULATOR_HOST: z.string().default('127.0.0.1'),
  SIMULATOR_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'has to be a port, 0 to 65535')
    .transform(Number)
    .refine(port => port <= 65_535, 'has to be a port, 0 to 65535')
    .default(3001),
  SIMULATOR_SKIP_PORT: z.coerce.number().int().optional(),
  SIMULATOR_DATA_DIR: z.string().default('./data/simulator'),
  SIMULATOR_ACCESS_TOKEN: secret,
  SIMULATOR_APP_SECRET: secret,
  SIMULATOR_VERIFY_TOKEN: secret,
  SIMULATOR_FETCH_LINKS: z.enum(linkReaches, `has to be one of ${linkReaches.join(', ')}`).default('none'),
  SIMULATOR_WINDOW: z.enum(['on', 'off'], 'has to be on or off').default('on'),
  SIMULATOR_CALLBACK_URL: z.url({ protocol: /^https?$/, error: 'has to be an http or https address' }).optional(),
});

/** Either the options, with generated secrets, or all mistakes in one message. */
export type Environment =
  | { ok: true; options: SimulatorOptions; generated: Record<string, string> }
  | { ok: false; message: string };

/** Reads the variables; an empty one counts as not set. */
export const readEnvironment = (env: Record<string, string | undefined>): Environment => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(issue => `  ${issue.path.join('.')}: ${issue.message}`);
    return { ok: false, message: `The simulator cannot start with this configuration:\n${mistakes.join('\n')}` };
  }
  const generated: Record<string, string> = {};
  const secretFor = (name: string, value: string | undefined) => {
    if (value !== undefined) return value;
    const made = randomBytes(24).toString('hex');
    generated[name] = made;
    return made;
  };
  const { data } = parsed;
  const options: SimulatorOptions = {
    host: data.SIMULATOR_HOST,
    port: data.SIMULATOR_PORT,
    portFallback: true,
    skipPort: data.SIMULATOR_SKIP_PORT ?? 0,
    dataDir: data.SIMULATOR_DATA_DIR,
    accessToken: secretFor('SIMULATOR_ACCESS_TOKEN', data.SIMULATOR_ACCESS_TOKEN),
    appSecret: secretFor('SIMULATOR_APP_SECRET', data.SIMULATOR_APP_SECRET),
    verifyToken: secretFor('SIMULATOR_VERIFY_TOKEN', data.SIMULATOR_VERIFY_TOKEN),
    fetchLinks: data.SIMULATOR_FETCH_LINKS,
    window: data.SIMULATOR_WINDOW === 'on',
    callbackUrl: data.SIMULATOR_CALLBACK_URL ?? null,
  };
  return { ok: true, options, generated };
};
