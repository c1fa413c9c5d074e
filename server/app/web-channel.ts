// Accounts on WhatsApp Web: each is served by the process that has its session open.
import {
  type AccountKnowledge,
  capabilities,
  webApp,
  webPayloads,
  whatsAppWeb,
} from '../adapters/channels/whatsapp-web/index.ts';
import { findRecipient } from '../features/contacts/index.ts';
import { readTogether } from '../features/inbound/index.ts';
import { findByChannelId } from '../features/messages/index.ts';
import type { Database } from '../kit/db/database.ts';
import type { Channel, WebhookApp } from '../ports/channel.ts';
import type { LiveSessions } from '../ports/gateway.ts';
import type { ChannelKind } from './channel-kind.ts';

/** The lane of payloads that name no account: sessions deliver none. */
const laneKey = '00000000-0000-7000-8000-000000000002';

export interface WebNeeds {
  db: Database;
  /** The open sessions of this process; undefined in one without the gateway role. */
  sessions: (LiveSessions & { stop(): Promise<void> }) | undefined;
  /** The name of this process in routes. */
  runner: string;
  /** A folder of this machine where files pass to and from the session processes. */
  folder: string;
  /** How long a send may take, in milliseconds. */
  deadlineMs: number;
  /** When the phone of an account was linked. */
  linkedAt: (accountId: string) => Promise<Date | undefined>;
}

const noSessions: LiveSessions = {
  isOpen: () => false,
  call: async () => ({ ok: false, code: 'not_open', message: 'This process has no sessions.' }),
};

/** The channel of linked phones. Any worker reads what came; only a gateway sends. */
export function webChannels({ db, sessions, runner, folder, deadlineMs, linkedAt }: WebNeeds): ChannelKind {
  const app: WebhookApp = { webhooks: webPayloads, channel: 'web', laneKey, workspaceId: undefined };
  const known = new Map<string, Channel>();

  const knowledgeOf = (accountId: string): AccountKnowledge => ({
    findRecipient: address => findRecipient(db, accountId, address),
    findMessage: id => findByChannelId(db, accountId, id),
    readTogether: id => readTogether(db, accountId, id),
    linkedAt: () => linkedAt(accountId),
  });

  return {
    name: 'web',
    capabilities,
    routes: sessions ? [`web:${runner}`] : [],
    async of(accountId) {
      const channel =
        known.get(accountId) ??
        whatsAppWeb({
          sessions: sessions ?? noSessions,
          accountId,
          folder,
          deadlineMs,
          knowledge: knowledgeOf(accountId),
        });
      known.set(accountId, channel);
      return channel;
    },
    renew: async () => {},
    apps: {
      configured: [webApp],
      find: async name => (name === webApp ? app : undefined),
      renew: async () => undefined,
    },
    forget: () => {},
    close: async () => sessions?.stop(),
  };
}
