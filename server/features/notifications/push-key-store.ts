// The table push_key: by which push services know this installation. Made once; the private one is encrypted.
import { type Encrypter, placeOf } from '../../kit/crypto/encryption.ts';
import { type KeyPair, newKeyPair } from '../../kit/crypto/web-push.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

const place = placeOf('push_key', 'private_key', '1');

/** The public key of this installation, made with its private one at the first call. */
export async function publicPushKey(engineDb: Queryable, encrypter: Encrypter): Promise<string> {
  const known = await findKeys(engineDb);
  if (known) return known.public_key;
  const made = newKeyPair();
  await engineDb.query(sql`insert into push_key (public_key, private_key)
    values (${made.publicKey}, ${encrypter.encrypt(made.privateKey, place)}) on conflict do nothing`);
  // Another process may have been faster.
  return (await findKeys(engineDb))?.public_key ?? made.publicKey;
}

/** Both keys, to post with. @throws DecryptionError where no key of the server opens the private one */
export async function pushKeys(engineDb: Queryable, encrypter: Encrypter): Promise<KeyPair> {
  const publicKey = await publicPushKey(engineDb, encrypter);
  const row = await findKeys(engineDb);
  if (!row) throw new Error('the push keys are not there');
  return { publicKey, privateKey: encrypter.open(row.private_key, place) };
}

async function findKeys(engineDb: Queryable): Promise<{ public_key: string; private_key: string } | undefined> {
  const [row] = await engineDb.query<{ public_key: string; private_key: string }>(
    sql`select public_key, private_key from push_key`,
  );
  return row;
}
