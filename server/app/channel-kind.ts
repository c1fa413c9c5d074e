// What each kind of channel gives to the registry of channels.
import type { ChannelName } from '@recado/contract';
import type { Capabilities, Channel, WebhookApps } from '../ports/channel.ts';

/** The accounts of one channel, and the apps whose webhooks are about them. */
export interface ChannelKind {
  /** As accounts name it. */
  name: ChannelName;
  capabilities: Capabilities;
  /** The routes of its accounts whose lanes this process runs. */
  routes: readonly string[];
  /** The channel of an account. @throws CredentialsError */
  of(accountId: string): Promise<Channel>;
  renew(accountId: string): Promise<void>;
  apps: WebhookApps;
  /** Some credentials have just changed: the next look-up asks the database. */
  forget(): void;
  /** Aborts running calls. */
  close(): Promise<void>;
}
