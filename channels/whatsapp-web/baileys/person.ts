// People by their addresses: a phone number, a LID, or both.
import { jidDecode, type SignalKeyStore } from 'baileys';
import type { WebPerson } from '../protocol.ts';

/** Our own addresses, as the library keeps them. */
export interface Me {
  id: string;
  lid: string | undefined;
}

/** The pairs of LID and number that the library has learnt. It asks nobody. */
export interface LidBook {
  numberOf(lidUser: string): Promise<string | undefined>;
  lidOf(numberUser: string): Promise<string | undefined>;
}

/** Reads the pairs from the keys, so that a look-up never becomes a query to WhatsApp. */
export const createLidBook = (keys: SignalKeyStore): LidBook => {
  const read = async (id: string): Promise<string | undefined> => (await keys.get('lid-mapping', [id]))[id];
  return { numberOf: lidUser => read(`${lidUser}_reverse`), lidOf: read };
};

const isLidServer = (server: string): boolean => server === 'lid' || server === 'hosted.lid';
const isPhoneServer = (server: string): boolean =>
  server === 's.whatsapp.net' || server === 'hosted' || server === 'c.us';

/** The number of an address in E.164; undefined for a LID or group. */
export const phoneOf = (jid: string | undefined): string | undefined => {
  const decoded = jidDecode(jid);
  return decoded && isPhoneServer(decoded.server) ? `+${decoded.user}` : undefined;
};

/** The LID of an address, without a device. */
export const lidOf = (jid: string | undefined): string | undefined => {
  const decoded = jidDecode(jid);
  return decoded && isLidServer(decoded.server) ? `${decoded.user}@lid` : undefined;
};

/** The person behind some addresses, completed with what was learnt before. Undefined if no address is one of a person. */
export const personOf = async (
  jids: readonly (string | undefined)[],
  name: string | undefined,
  book: LidBook,
): Promise<WebPerson | undefined> => {
  let phone = jids.map(phoneOf).find(found => found !== undefined);
  let lid = jids.map(lidOf).find(found => found !== undefined);
  if (!phone && lid) {
    const user = await book.numberOf(lid.slice(0, -'@lid'.length));
    if (user) phone = `+${user}`;
  } else if (phone && !lid) {
    const user = await book.lidOf(phone.slice(1));
    if (user) lid = `${user}@lid`;
  }
  return phone || lid ? { phone, lid, name } : undefined;
};
