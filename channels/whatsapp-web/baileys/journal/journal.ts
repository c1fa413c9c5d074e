// The journal of decrypted messages: a message is stored together with the key state that decrypted it.
// The library acknowledges a message before we could store it. A crash between would lose it: the key state
// has moved on, so a repeat cannot be decrypted. Both are written in one transaction instead, before the
// acknowledgement, and what is left over is delivered when the session opens again.
import { AsyncResource } from 'node:async_hooks';
import {
  type BinaryNode,
  MISSING_KEYS_ERROR_TEXT,
  type SignalKeyStoreWithTransaction,
  type SocketConfig,
} from 'baileys';
import type { Me } from '../person.ts';
import { pollOf } from '../receiving/polls.ts';
import { readEnvelope } from '../receiving/stanza.ts';
import type { JournalEntry } from './journal-entry.ts';
import { decodePlaintext, type historyOf, isWorthKeeping } from './journal-entry.ts';
import { createPersonLock } from './person-lock.ts';

type MakeRepository = SocketConfig['makeSignalRepository'];

interface JournalParts {
  me(): Me;
  wantsHistory(notification: NonNullable<ReturnType<typeof historyOf>>): boolean;
  /** What earlier connections left over, by its key. */
  leftOver: ReadonlyMap<string, JournalEntry>;
  /** A message was decrypted, and its entry is stored. */
  onStored(key: string, entry: JournalEntry): void;
  /** A message of ours is about to be encrypted. */
  onEncrypt(): void;
}

/**
 * A message of a group that was decrypted before, and whose acknowledgement got lost. The library would ask for it
 * again, and show a placeholder. With the error of a repeat between two people it does neither.
 */
const isRepeatInGroup = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Received message with old counter');

interface Place {
  stanza: BinaryNode;
  key: string;
}

export interface Journal {
  /** Takes note of a stanza, before the library decrypts it. */
  watch(stanza: BinaryNode): void;
  /** The same repository, with the journal. */
  wrap(make: MakeRepository): MakeRepository;
}

/** The journal of one connection. */
export const createJournal = ({ me, wantsHistory, leftOver, onStored, onEncrypt }: JournalParts): Journal => {
  // The library passes the very buffer of the stanza to the cipher.
  const places = new WeakMap<object, Place>();

  const decrypt = async (
    keys: SignalKeyStoreWithTransaction,
    alone: (work: () => Promise<Uint8Array>) => Promise<Uint8Array>,
    ciphertext: Uint8Array,
    work: () => Promise<Uint8Array>,
  ): Promise<Uint8Array> => {
    const place = places.get(ciphertext);
    if (!place) return alone(work);
    const { stanza, key } = place;
    let entry: JournalEntry | undefined;
    try {
      // The library's own transaction inside joins this one, so all of it is one write.
      const plaintext = await alone(async () => {
        const decrypted = await work();
        if (!isWorthKeeping(stanza.attrs, decrypted, wantsHistory)) return decrypted;
        entry = { attrs: stanza.attrs, plaintext: Buffer.from(decrypted).toString('base64') };
        const poll = pollOf(decodePlaintext(decrypted), readEnvelope(stanza.attrs, me())?.writer ?? []);
        const changes = {
          'pending-message': { [key]: entry },
          ...(poll && { poll: { [stanza.attrs.id ?? '']: poll } }),
        };
        await keys.set(changes as object);
        return decrypted;
      });
      if (entry) onStored(key, entry);
      return plaintext;
    } catch (error) {
      // A repeat of what was decrypted before a crash: the same plaintext lets it be acknowledged properly.
      const known = leftOver.get(key);
      if (known) return Buffer.from(known.plaintext, 'base64');
      throw isRepeatInGroup(error) ? new Error(MISSING_KEYS_ERROR_TEXT) : error;
    }
  };

  return {
    watch(stanza) {
      if (!Array.isArray(stanza.content)) return;
      const { id, from, participant } = stanza.attrs;
      stanza.content.forEach((child, index) => {
        if (child.tag !== 'enc' || !(child.content instanceof Uint8Array)) return;
        places.set(child.content, { stanza, key: `${id}/${participant ?? from}/${index}` });
      });
    },
    wrap: make => (auth, logger, pnToLid) => {
      const repository = make(auth, logger, pnToLid);
      const keys = auth.keys as SignalKeyStoreWithTransaction;
      const { alone, aloneWithBoth } = createPersonLock(keys, repository.lidMapping);
      const outside = new AsyncResource('WebSession');
      return {
        ...repository,
        decryptMessage: args =>
          decrypt(
            keys,
            work => alone(args.jid, work),
            args.ciphertext,
            () => repository.decryptMessage(args),
          ),
        decryptGroupMessage: args =>
          decrypt(
            keys,
            work => keys.transaction(work, args.group),
            args.msg,
            () => repository.decryptGroupMessage(args),
          ),
        encryptMessage: args => {
          onEncrypt();
          return alone(args.jid, () => repository.encryptMessage(args));
        },
        encryptGroupMessage: args => {
          onEncrypt();
          return outside.runInAsyncScope(repository.encryptGroupMessage, repository, args);
        },
        injectE2ESession: args => alone(args.jid, () => repository.injectE2ESession(args)),
        migrateSession: (from, to) => aloneWithBoth(from, to, () => repository.migrateSession(from, to)),
        deleteSession: async jids => {
          for (const jid of jids) await alone(jid, () => repository.deleteSession([jid]));
        },
      };
    },
  };
};
