import { addTransactionCapability, type BinaryNode, MISSING_KEYS_ERROR_TEXT, proto, type SocketConfig } from 'baileys';
import { expect, test } from 'vitest';
import { createLibraryLogger } from '../library/library-log.ts';
import { createJournal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

type MakeRepository = SocketConfig['makeSignalRepository'];
type Repository = ReturnType<MakeRepository>;

const me = { id: '15550001:1@s.whatsapp.net', lid: undefined };
const ciphertext = Buffer.from('secret');
const stanza: BinaryNode = {
  tag: 'message',
  attrs: { id: 'M1', from: '1@broadcast', participant: '15550002@s.whatsapp.net', t: '1' },
  content: [{ tag: 'enc', attrs: { type: 'skmsg' }, content: ciphertext }],
};
const plaintext = Buffer.concat([proto.Message.encode({ conversation: 'Hello' }).finish(), Buffer.from([1])]);

/** Decrypts the stanza with a journal around a repository that does the given. */
const decrypt = async (work: () => Promise<Uint8Array>, leftOver: ReadonlyMap<string, JournalEntry> = new Map()) => {
  const steps: string[] = [];
  const journal = createJournal({
    me: () => me,
    wantsHistory: () => false,
    leftOver,
    onStored: key => steps.push(`stored ${key}`),
    onEncrypt: () => undefined,
  });
  const keys = {
    get: async () => ({}),
    set: async (changes: object) => void steps.push(`set ${Object.keys(changes).join()}`),
    isInTransaction: () => false,
    async transaction<Result>(inside: () => Promise<Result>) {
      const result = await inside();
      steps.push('committed');
      return result;
    },
  };
  // Only what the journal calls is there.
  const repository = { decryptGroupMessage: work } as unknown as Repository;
  const wrapped = journal.wrap(() => repository)({ creds: {} as never, keys }, {} as never);
  journal.watch(stanza);
  const decrypted = await wrapped.decryptGroupMessage({ group: '1@broadcast', authorJid: '2@lid', msg: ciphertext });
  return { decrypted, steps };
};

test('a message is stored in the transaction that decrypts it', async () => {
  const { decrypted, steps } = await decrypt(async () => plaintext);
  expect(decrypted).toBe(plaintext);
  expect(steps).toEqual(['set pending-message', 'committed', 'stored M1/15550002@s.whatsapp.net/0']);
});

test('a repeat of what was left over is decrypted from the journal', async () => {
  const entry = { attrs: {}, plaintext: plaintext.toString('base64') };
  const leftOver = new Map([['M1/15550002@s.whatsapp.net/0', entry]]);
  const { decrypted, steps } = await decrypt(() => Promise.reject(new Error('used')), leftOver);
  expect(plaintext.equals(decrypted)).toBe(true);
  expect(steps).toEqual([]);
});

test('a repeat in a group is none that must be asked for again', async () => {
  const old = () => Promise.reject(new Error('Received message with old counter: 131, 0'));
  await expect(decrypt(old)).rejects.toThrow(MISSING_KEYS_ERROR_TEXT);
  await expect(decrypt(() => Promise.reject(new Error('Bad MAC')))).rejects.toThrow('Bad MAC');
});

test.each([true, false])('a person has one lock, by number and by LID; LID known at first: %s', async isKnown => {
  let known = isKnown;
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    running -= 1;
    return plaintext as never;
  };
  const lidMapping = { getLIDForPN: async (jid: string) => (known ? jid.replace(/^1555.*@.*/, '9999@lid') : null) };
  const repository = { decryptMessage: work, encryptMessage: work, injectE2ESession: work, migrateSession: work };
  const store = { get: async () => ({}), set: async () => undefined };
  const logger = createLibraryLogger(() => undefined);
  const options = { maxCommitRetries: 1, delayBetweenTriesMs: 0 };
  const keys = addTransactionCapability(store, logger, options);
  const parts = { me: () => me, wantsHistory: () => false, leftOver: new Map() };
  const journal = createJournal({ ...parts, onStored: () => undefined, onEncrypt: () => undefined });
  const made = () => ({ ...repository, lidMapping }) as unknown as Repository;
  const wrapped = journal.wrap(made)({ creds: {} as never, keys }, logger);
  const [number, lid] = ['15550002:3@s.whatsapp.net', '9999:3@lid'];
  const first = wrapped.encryptMessage({ jid: number, data: plaintext });
  const later = [wrapped.migrateSession(number, lid), wrapped.encryptMessage({ jid: number, data: plaintext })];
  known = true;
  const ciphertexts = [lid, number].map(jid => wrapped.decryptMessage({ jid, type: 'msg', ciphertext }));
  await Promise.all([first, ...later, ...ciphertexts, wrapped.encryptMessage({ jid: lid, data: plaintext })]);
  expect(most).toBe(1);
});
