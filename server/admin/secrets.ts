// Changing SECRET_KEY: re-encrypts texts of earlier keys, and reports which keys are still needed.
import type pg from 'pg';
import { DecryptionError, encrypter, placeOf } from '../kit/crypto/encryption.ts';
import { countByKey, encryptedColumns, replaceText, textsAfter } from './encrypted-store.ts';
import { withRecado } from './schema-store.ts';

export interface SecretsOptions {
  connection: pg.ClientConfig;
  secretKey: string;
  earlierKeys: readonly string[];
  say: (line: string) => void;
  signal: AbortSignal;
}

export interface Rotated {
  /** How many were re-encrypted. */
  encrypted: number;
  /** How many already used the current key. */
  current: number;
  /** How many no given key can decrypt. */
  lost: number;
}

const atOnce = 500;

/**
 * Re-encrypts texts that do not use the current key. It runs beside the program in small steps; after a stop, the
 * next run continues.
 */
export async function rotateSecrets(options: SecretsOptions): Promise<Rotated> {
  const { secretKey, earlierKeys, say, signal } = options;
  const { encrypt, open, isCurrent } = encrypter(secretKey, earlierKeys);
  return withRecado(options.connection, 'recado secrets', async client => {
    const total: Rotated = { encrypted: 0, current: 0, lost: 0 };
    for (const column of encryptedColumns) {
      const name = `${column.table}.${column.column}`;
      let after = '';
      for (;;) {
        signal.throwIfAborted();
        const texts = await textsAfter(client, column, after, atOnce);
        for (const text of texts) {
          const place = placeOf(column.table, column.column, text.id);
          try {
            if (isCurrent(text.encrypted)) total.current++;
            // A text that changed meanwhile was encrypted by a running program: with the current key, if it has that.
            else if (await replaceText(client, column, text, encrypt(open(text.encrypted, place), place)))
              total.encrypted++;
          } catch (error) {
            if (!(error instanceof DecryptionError)) throw error;
            total.lost++;
            say(`${name} of ${text.name} was not re-encrypted. ${error.message}`);
          }
        }
        const last = texts.at(-1);
        if (!last) break;
        after = last.id;
        say(`${name}: ${total.encrypted + total.current + total.lost} checked, ${total.encrypted} re-encrypted`);
      }
    }
    return total;
  });
}

export interface Checked {
  /** Each key's name, and how many texts it encrypted. */
  keys: { name: string; count: number }[];
  /** How many texts an earlier or unknown key encrypted. */
  behind: number;
  lost: number;
}

/** Counts encrypted texts by key. */
export async function checkSecrets(options: SecretsOptions): Promise<Checked> {
  const names = ['SECRET_KEY', ...options.earlierKeys.map((_, place) => `SECRET_KEY_PREVIOUS (number ${place + 1})`)];
  const encrypters = [options.secretKey, ...options.earlierKeys].map(key => encrypter(key));
  const counts = [...names, 'an unknown key'].map(name => ({ name, count: 0 }));
  return withRecado(options.connection, 'recado secrets', async client => {
    for (const column of encryptedColumns)
      for (const { count, sample } of await countByKey(client, column)) {
        const place = encrypters.findIndex(({ isCurrent }) => knows(isCurrent, sample));
        const entry = counts.at(place);
        if (entry) entry.count += count;
      }
    const behind = counts.slice(1).reduce((sum, { count }) => sum + count, 0);
    const keys = counts.filter(({ count }, place) => place < names.length || count > 0);
    return { keys, behind, lost: counts.at(-1)?.count ?? 0 };
  });
}

function knows(isCurrent: (encrypted: string) => boolean, encrypted: string): boolean {
  try {
    return isCurrent(encrypted);
  } catch (error) {
    if (error instanceof DecryptionError) return false;
    throw error;
  }
}
