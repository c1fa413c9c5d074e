// Passwords, kept as argon2id with OWASP's parameters (19 MiB, two passes, one lane).
import { hash, verify } from '@node-rs/argon2';

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, parameters);

export const verifyPassword = (stored: string, password: string): Promise<boolean> => verify(stored, password);

let decoy: Promise<string> | undefined;

/** Does the work of a verification for an address that nobody has, so that the time tells nothing. */
export async function verifyNobody(password: string): Promise<false> {
  decoy ??= hashPassword('a password that nobody has');
  await verifyPassword(await decoy, password);
  return false;
}
