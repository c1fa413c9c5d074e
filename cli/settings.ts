// The demo's settings, from the environment and the command line.
import { broken } from './http.ts';

export const usage = `npx recado demo [--setup-link <link>]
npm run demo [-- --setup-link <link>]      the same

Sends a message through a running Recado, lets the simulated person reply, and checks every step.

  RECADO_OWNER_EMAIL, RECADO_OWNER_PASSWORD   the owner's login (required)
  RECADO_URL                                  Recado's URL; http://127.0.0.1:3000 by default
  SIMULATOR_URL                               its simulator's URL; http://127.0.0.1:3001 by default
  RECADO_SETUP_TOKEN, or --setup-link <link>  creates the owner first, if there is none`;

/** `npm run` takes options without a preceding `--` for itself. */
export const addLink = 'add --setup-link (with npm run demo: -- --setup-link) and the link printed by npm start.';

export interface Settings {
  url: string;
  simulatorUrl: string;
  email: string;
  password: string;
  setupToken: string | undefined;
}

/** Reads both. @throws one sentence about a missing or unknown setting */
export function readSettings(env: Record<string, string | undefined>, words: string[]): Settings {
  const setupToken = setupLinkIn(words)?.replace(/^.*[#?&]token=/, '') || env.RECADO_SETUP_TOKEN || undefined;
  const email = env.RECADO_OWNER_EMAIL;
  const password = env.RECADO_OWNER_PASSWORD;
  if (!email || !password)
    throw broken(
      `Set RECADO_OWNER_EMAIL and RECADO_OWNER_PASSWORD to the owner of this Recado, so that the demo can log in. If there is no owner yet, choose them, and ${addLink}`,
    );
  const address = (given: string | undefined, usual: string) => (given || usual).replace(/\/+$/, '');
  return {
    url: address(env.RECADO_URL, 'http://127.0.0.1:3000'),
    simulatorUrl: address(env.SIMULATOR_URL, 'http://127.0.0.1:3001'),
    email,
    password,
    setupToken,
  };
}

function setupLinkIn(words: string[]): string | undefined {
  if (words.length === 0) return undefined;
  const link = /^--setup-link[= ](\S+)$/.exec(words.join(' '))?.[1];
  if (link === undefined) throw broken(`Unknown arguments: ${words.join(' ')}.\n\n${usage}`);
  return link;
}
