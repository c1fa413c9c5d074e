// The credentials of a session: read from text, saved one after the other.
import { type AuthenticationCreds, BufferJSON, initAuthCreds } from 'baileys';
import type { Gateway } from '../../driver.ts';

/** The credentials of an account, or fresh ones for an account that was never linked. */
export const readCredentials = (text: string | null): AuthenticationCreds =>
  text === null ? initAuthCreds() : JSON.parse(text, BufferJSON.reviver);

export interface CredentialsSaver {
  save(): void;
  /** Resolves when the latest credentials are stored. */
  idle(): Promise<void>;
}

/**
 * Saves the credentials, one save at a time; several changes meanwhile become one save.
 * Before the phone accepted the link there is nothing worth keeping: a pairing code that failed leaves
 * a number in the credentials, with which the next attempt would log in instead of registering.
 */
export const createCredentialsSaver = (
  gateway: Gateway,
  credentials: AuthenticationCreds,
  fail: (error: unknown) => void,
): CredentialsSaver => {
  let isDirty = false;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      while (isDirty) {
        isDirty = false;
        await gateway.request('saveCredentials', { credentials: JSON.stringify(credentials, BufferJSON.replacer) });
      }
    } catch (error) {
      fail(error);
    } finally {
      running = undefined;
    }
  };
  return {
    save() {
      if (!credentials.account) return;
      isDirty = true;
      running ??= run();
    },
    idle: () => running ?? Promise.resolve(),
  };
};
