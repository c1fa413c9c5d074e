// What a session asks of its gateway: its keys, its credentials, and to store what came. Each answer means a commit.

import { DecryptionError, type Encrypter, placeOf } from '../../kit/crypto/encryption.ts';
import { type Database, isUnavailable } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import type { GatewayRequest, GatewayRequests } from '../../ports/gateway.ts';
import { RefusedRequest } from '../../ports/gateway.ts';
import { insertPayloads } from '../inbound/index.ts';
import { findKeys, type StoredKey, storedId, writeKeys } from './keys-store.ts';
import { FencedError, fenced, hasNoKeys, type Lease, saveCredentials } from './session-store.ts';

export interface RequestNeeds {
  db: Database;
  clock: Clock;
  encrypter: Encrypter;
  /** Wakes the receive lane of an account. */
  received: (accountId: string) => void;
}

/** The app of the payloads of WhatsApp Web. */
const webApp = 'whatsapp-web';

const credentialsPlace = (accountId: string) => placeOf('web_session', 'credentials', accountId);
const keyPlace = (accountId: string, type: string, id: string) =>
  placeOf('web_session_key', 'value', `${accountId} ${type} ${id}`);

/** The credentials of a session in plain. @throws DecryptionError */
export const openCredentials = (encrypter: Encrypter, accountId: string, encrypted: string): string =>
  encrypter.open(encrypted, credentialsPlace(accountId));

type Handlers = {
  [Name in GatewayRequest]: (
    needs: RequestNeeds,
    lease: Lease,
    args: GatewayRequests[Name]['args'],
  ) => Promise<GatewayRequests[Name]['result']>;
};

const handlers: Handlers = {
  getKeys: (needs, lease, { type, ids }) => readKeys(needs, lease, type, ids),
  listKeys: (needs, lease, { type }) => readKeys(needs, lease, type, undefined),
  async setKeys({ db, encrypter }, lease, { changes }) {
    const { accountId } = lease;
    const keys = Object.entries(changes).flatMap(([type, values]) =>
      Object.entries(values).map(([id, value]): StoredKey => {
        const stored = storedId(accountId, type, id);
        const plain = value === null ? null : JSON.stringify([id, value]);
        return { type, id: stored, value: plain && encrypter.encrypt(plain, keyPlace(accountId, type, stored)) };
      }),
    );
    await fenced(db, lease, tx => writeKeys(tx, accountId, keys));
    return null;
  },
  async saveCredentials({ db, encrypter }, lease, { credentials }) {
    await saveCredentials(db, lease, encrypter.encrypt(credentials, credentialsPlace(lease.accountId)));
    return null;
  },
  async deliver({ db, clock, received }, lease, { items, settled }) {
    const { accountId } = lease;
    const body = Buffer.from(JSON.stringify({ session: accountId, items }));
    await fenced(db, lease, async tx => {
      if (items.length > 0)
        await insertPayloads(tx, [{ app: webApp, laneKey: accountId, headers: {}, body }], clock.sqlNow());
      await writeKeys(
        tx,
        accountId,
        settled.map(id => ({ type: 'pending-message', id: storedId(accountId, 'pending-message', id), value: null })),
      );
    });
    if (items.length > 0) received(accountId);
    return null;
  },
};

async function readKeys(
  { db, encrypter }: RequestNeeds,
  { accountId }: Lease,
  type: string,
  ids: string[] | undefined,
): Promise<Record<string, string>> {
  const stored = ids?.map(id => storedId(accountId, type, id));
  const keys = await findKeys(db, accountId, type, stored);
  // The value says which id is behind a hash.
  return Object.fromEntries(
    keys.map(({ id, value }): [string, string] => JSON.parse(encrypter.open(value, keyPlace(accountId, type, id)))),
  );
}

/** The answers to a session that logs out: it has no keys, and nothing is stored. */
export const answerLeaving = (request: GatewayRequest): unknown =>
  request === 'getKeys' || request === 'listKeys' ? {} : null;

/** The waits between the tries while the database is away, in milliseconds: a refusal ends the connection. */
const patience = [100, 400, 1_500];

/** Answers a request of a session. @throws RefusedRequest */
export async function answerRequest(
  needs: RequestNeeds,
  lease: Lease,
  request: GatewayRequest,
  args: unknown,
): Promise<unknown> {
  // The protocol binds the type of the arguments to the name of the request.
  const work = () => handlers[request](needs, lease, args as never);
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof FencedError) {
        // A refusal would cut the connection before it has logged out. There is nothing to keep any more.
        if (await hasNoKeys(needs.db, lease.accountId)) return null;
        throw new RefusedRequest('fenced', error.message);
      }
      if (error instanceof DecryptionError) throw error;
      const waitMs = patience[tries];
      if (waitMs === undefined || !isUnavailable(error)) throw error;
      await new Promise<void>(resolve => setTimeout(resolve, waitMs).unref());
    }
  }
}
