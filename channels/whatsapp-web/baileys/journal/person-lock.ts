// One lock for a person, whichever of their addresses a call names: the library keeps one session record for both.
// Its own locks are the addresses as they are written, so that two calls could change one record at the same time.
import { AsyncResource } from 'node:async_hooks';
import {
  isHostedLidUser,
  isLidUser,
  jidDecode,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
} from 'baileys';

export interface PersonLock {
  /** Runs `work` in a transaction of the keys while nobody else works with the keys of this person. */
  alone<Result>(jid: string, work: () => Promise<Result>): Promise<Result>;
  /** The same for both addresses of a person, whatever is known of them. */
  aloneWithBoth<Result>(number: string, lid: string, work: () => Promise<Result>): Promise<Result>;
}

type LidMapping = Pick<SignalRepositoryWithLIDStore['lidMapping'], 'getLIDForPN'>;

const isLid = (jid: string): boolean => isLidUser(jid) === true || isHostedLidUser(jid) === true;
const nameOf = (jid: string): string => `person ${jidDecode(jid)?.user ?? jid}@${isLid(jid) ? 'lid' : 'number'}`;

/** The locks of the people of a session. */
export const createPersonLock = (keys: SignalKeyStoreWithTransaction, lidMapping: LidMapping): PersonLock => {
  // The library sends inside a transaction that commits after the message left. A crash between would
  // encrypt the next message with a used key. Outside of it, the key state is stored before the message leaves.
  const outside = new AsyncResource('WebSession');
  const hold = <Result>(name: string, work: () => Promise<Result>): Promise<Result> =>
    outside.runInAsyncScope(() => keys.transaction(work, name));

  /** The lock of the record that the library uses for an address: it resolves the address in the same way. */
  const lockOf = async (jid: string): Promise<string> => {
    if (isLid(jid)) return nameOf(jid);
    // Without an answer of WhatsApp the library uses the record of the number.
    const lid = await lidMapping.getLIDForPN(jid).catch(() => null);
    return nameOf(lid ?? jid);
  };

  return {
    async alone(jid, work) {
      const name = await lockOf(jid);
      return hold(name, async () => {
        // The LID may have become known while it waited. The order, number before LID, is that of `aloneWithBoth`.
        const current = await lockOf(jid);
        return current === name ? work() : hold(current, work);
      });
    },
    aloneWithBoth: (number, lid, work) => hold(nameOf(number), () => hold(nameOf(lid), work)),
  };
};
