// Passwords, kept as argon2id with OWASP's parameters (19 MiB, two passes, one lane).
import { randomBytes } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { hash, verify } from '@node-rs/argon2';

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Tells whoever listens with which parameters a password was tried, so that the work can be counted. */
const tried = channel('recado.password.tried');

export const hashPassword = (password: string): Promise<string> => hash(password, parameters);

export function verifyPassword(stored: string, password: string): Promise<boolean> {
  if (tried.hasSubscribers) tried.publish({ parameters: /^\$\w+\$v=\d+\$[^$]+/.exec(stored)?.[0] });
  return verify(stored, password);
}

const base64 = (bytes: number) => randomBytes(bytes).toString('base64').replace(/=+$/, '');
const { memoryCost, timeCost, parallelism } = parameters;
/** What no password fits: made without the work of a hash, so that the first stranger costs no more than the next. */
const decoy = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(16)}$${base64(32)}`;

/** Does the work of a verification for an address that nobody has, so that the time tells nothing. */
export async function verifyNobody(password: string): Promise<false> {
  await verifyPassword(decoy, password);
  return false;
}
