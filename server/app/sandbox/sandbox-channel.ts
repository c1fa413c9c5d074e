// Sandbox accounts: one app for the whole server, whose credentials come from the configuration.
import {
  capabilitiesOf,
  metaWebhooks,
  openAgent,
  whatsAppCloud,
} from '../../adapters/channels/whatsapp-cloud/index.ts';
import type { ChannelKind } from '../channel-kind.ts';
import type { SandboxSecrets } from '../config/config.ts';

/** The name of its app in the URL of webhooks, and the lane of payloads of unknown numbers. */
const app = { name: 'sandbox', laneKey: '00000000-0000-7000-8000-000000000001' };

export interface SandboxNeeds {
  secrets: SandboxSecrets;
  /** The simulator's Graph API with its version, read at each call. */
  baseUrl: () => string;
  /** Whether it has WhatsApp's 24-hour window. */
  window: boolean;
  userAgent: string;
  deadlineMs: number;
}

/** Opens the channel of all Sandbox accounts. */
export function sandboxChannels({ secrets, ...graph }: SandboxNeeds): ChannelKind {
  const agent = openAgent();
  const channel = whatsAppCloud({ ...graph, agent, accessToken: secrets.accessToken, appSecret: secrets.appSecret });
  const webhooks = metaWebhooks(secrets);
  return {
    name: 'sandbox',
    routes: ['sandbox'],
    capabilities: capabilitiesOf(graph.window),
    of: async () => channel,
    renew: async () => {},
    apps: {
      configured: [app.name],
      find: async name =>
        name === app.name ? { webhooks, channel: 'sandbox', laneKey: app.laneKey, workspaceId: undefined } : undefined,
      renew: async () => undefined,
    },
    forget: () => {},
    close: async () => agent.destroy(),
  };
}

/** The URL of its webhooks at a local URL of this server. */
export const sandboxCallback = (localUrl: string): string => `${localUrl}/webhooks/whatsapp/${app.name}`;
