// Reads the process environment and the arguments: reports all mistakes at once, and generates missing secrets.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { linkReaches } from './media/link-fetch.ts';
import { callbackReaches, numberChoices, type SimulatorOptions } from './options.ts';

const secret = z.string().min(8, 'needs at least 8 characters').optional();

const onOff = z.enum(['on', 'off'], 'has to be on or off').default('on');

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
  SIMULATOR_CALLBACKS: z.enum(callbackReaches, `has to be one of ${callbackReaches.join(', ')}`).default('public'),
  SIMULATOR_NUMBERS: z.enum(numberChoices, `has to be one of ${numberChoices.join(', ')}`).default('made'),
  SIMULATOR_WINDOW: onOff,
  SIMULATOR_LIMITS: onOff,
  SIMULATOR_SEED: z.string().max(200, 'has at most 200 characters').optional(),
  SIMULATOR_CLOCK: z.iso
    .datetime({ offset: true, error: 'has to be a time like 2026-01-01T00:00:00Z' })
    .transform(written => new Date(written))
    .optional(),
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
    callbacks: data.SIMULATOR_CALLBACKS,
    numbers: data.SIMULATOR_NUMBERS,
    window: data.SIMULATOR_WINDOW === 'on',
    limits: data.SIMULATOR_LIMITS === 'on',
    seed: data.SIMULATOR_SEED ?? null,
    standsAt: data.SIMULATOR_CLOCK ?? null,
    callbackUrl: data.SIMULATOR_CALLBACK_URL ?? null,
  };
  return { ok: true, options, generated };
};

/** The options of the command, and the variables that they set. */
const flags = {
  host: 'SIMULATOR_HOST',
  port: 'SIMULATOR_PORT',
  'data-dir': 'SIMULATOR_DATA_DIR',
  seed: 'SIMULATOR_SEED',
  clock: 'SIMULATOR_CLOCK',
  callback: 'SIMULATOR_CALLBACK_URL',
  'access-token': 'SIMULATOR_ACCESS_TOKEN',
  'app-secret': 'SIMULATOR_APP_SECRET',
  'verify-token': 'SIMULATOR_VERIFY_TOKEN',
  'fetch-links': 'SIMULATOR_FETCH_LINKS',
  callbacks: 'SIMULATOR_CALLBACKS',
  numbers: 'SIMULATOR_NUMBERS',
  window: 'SIMULATOR_WINDOW',
  limits: 'SIMULATOR_LIMITS',
} as const;

/** The help page of the command. */
export const usage = `npx recado simulator [options]   runs the simulator of WhatsApp's Cloud API alone

  --port PORT             the port; 3001, or the next free one; 0 takes any
  --host HOST             the address to listen on; 127.0.0.1
  --data-dir FOLDER       where it keeps its data; ./data/simulator
  --seed TEXT             makes ids, scripted delays and orders the same in each run
  --clock TIME            the time at which the clock stands until it is moved, like 2026-01-01T00:00:00Z
  --callback URL          where it posts webhooks; without it they wait
  --access-token TEXT     the token of the Graph API; generated and printed if not given,
  --app-secret TEXT       as are the key of webhook signatures
  --verify-token TEXT     and what a callback must know
  --fetch-links WHICH     which links of messages it fetches: none, loopback or all; none
  --callbacks WHICH       which callbacks apps may have: public (https, as at Meta) or any; public
  --numbers WHICH         which phone number ids exist: made (as at Meta), or any from its first use; made
  --window on|off         whether free-form messages need an open 24-hour window; on
  --limits on|off         whether WhatsApp's limits of pace, pairs and people apply; on

Each option can also be an environment variable, such as SIMULATOR_PORT. GET / of the simulator lists what it can do.`;

/** The arguments of the command as variables. @throws Error that says which argument is wrong */
export const readArguments = (words: string[]): { help: boolean; env: Record<string, string> } => {
  const options = { help: { type: 'boolean', short: 'h' } } as Record<
    string,
    { type: 'boolean' | 'string'; short?: string }
  >;
  for (const name of Object.keys(flags)) options[name] = { type: 'string' };
  const { values } = parseArgs({ args: words, options, strict: true, allowPositionals: false });
  const env: Record<string, string> = {};
  for (const [name, variable] of Object.entries(flags)) {
    const value = values[name];
    if (typeof value === 'string') env[variable] = value;
  }
  return { help: values.help === true, env };
};
