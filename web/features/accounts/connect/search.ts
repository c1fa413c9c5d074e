// What the address of the connect page says.
import type { Account } from '@recado/client';

export type Channel = Account['channel'];

/** The forms of the page, in their order. */
const shown: Record<Channel, true> = { sandbox: true, cloud: true, web: true };
export const channels = Object.keys(shown) as readonly Channel[];

/** The channel of an address that names none. */
export const usualChannel: Channel = 'cloud';

/** The address names every channel but the usual one. */
export const connectSearch = ({ channel }: Record<string, unknown>): { channel?: Channel | undefined } => ({
  channel: channels.find(name => name === channel && name !== usualChannel),
});
