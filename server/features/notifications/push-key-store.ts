// The table push_key: by which push services know this installation. Made once; the private one is encrypted.
import { type Encrypter, placeOf } from '../../kit/crypto/encryption.ts';
import { type KeyPair, newKeyPair } from '../../kit/crypto/web-push.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

const place = placeOf('push_key', 'private_key', '1');

/** The keys of this installation, made at the first call. @throws DecryptionError where no key of the server opens them */
export async function pushKeys(engineDb: Queryable, encrypter: Encrypter): Promise<KeyPair> {
  const known = await findKeys(engineDb, encrypter);
  if (known) return known;
  const made = newKeyPair();
  await engineDb.query(sql`insert into push_key (public_key, private_key)
    values (${made.publicKey}, ${encrypter.encrypt(made.privateKey, place)}) on conflict do nothing`);
  // Another process may have been faster.
  return (await findKeys(engineDb, encrypter)) ?? made;
}

async function findKeys(engineDb: Queryable, encrypter: Encrypter): Promise<KeyPair | undefined> {
  const [row] = await engineDb.query<{ public_key: string; private_key: string }>(
    sql`select public_key, private_key from push_key`,
  );
  return row && { publicKey: row.public_key, privateKey: encrypter.open(row.private_key, place) };
}
