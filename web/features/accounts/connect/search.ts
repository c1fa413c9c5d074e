// What the address of the connect page says.
export type Channel = 'sandbox' | 'cloud' | 'web';

/** Without a channel it is the Cloud API. */
export const connectSearch = ({ channel }: Record<string, unknown>): { channel?: 'sandbox' | 'web' | undefined } => ({
  channel: channel === 'sandbox' || channel === 'web' ? channel : undefined,
});
