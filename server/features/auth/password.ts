// Passwords, kept as argon2id with OWASP's parameters (19 MiB, two passes, one lane).
import { randomBytes } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { hash, verify } from '@node-rs/argon2';

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Publishes the parameters of each password check, so that tests can count the work. */
const tried = channel('recado.password.tried');

export const hashPassword = (password: string): Promise<string> => hash(password, parameters);

export function verifyPassword(stored: string, password: string): Promise<boolean> {
  if (tried.hasSubscribers) tried.publish({ parameters: /^\$\w+\$v=\d+\$[^$]+/.exec(stored)?.[0] });
  return verify(stored, password);
}

const base64 = (bytes: number) => randomBytes(bytes).toString('base64').replace(/=+$/, '');
const { memoryCost, timeCost, parallelism } = parameters;
/**
 * A hash that no password matches. It is not computed, so that the first unknown address costs no more than the next.
 */
const decoy = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(16)}$${base64(32)}`;

/** Does the work of a check for an unknown address, so that the response time reveals nothing. */
export async function verifyNobody(password: string): Promise<false> {
  await verifyPassword(decoy, password);
  return false;
}
