// A message of a webhook, with its account.
import type { IncomingMessage } from '../../ports/channel.ts';
import type { Meaning } from '../opt-outs/index.ts';

export interface ReceivedMessage extends IncomingMessage, Meaning {
  accountId: string;
  workspaceId: string;
}
