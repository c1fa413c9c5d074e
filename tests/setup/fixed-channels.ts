// The channels of a test: the same one for all accounts, and one app.
import type { Channel, Channels, WebhookApps, Webhooks } from '../../server/ports/channel.ts';

/** Serves the accounts of one channel with this object. */
export const fixedChannels = (served: string, channel: Channel): Channels => ({
  routes: [served],
  capabilitiesOf: name => (name === served ? channel.capabilities : undefined),
  of: async () => channel,
  renew: async () => {},
});

/** One app, with the name of its channel. */
export const fixedApps = (name: string, webhooks: Webhooks): WebhookApps => ({
  configured: [name],
  find: async asked =>
    asked === name
      ? { webhooks, channel: name, laneKey: '00000000-0000-7000-8000-000000000001', workspaceId: undefined }
      : undefined,
  renew: async () => undefined,
});
