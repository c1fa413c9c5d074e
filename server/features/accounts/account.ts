// An account: one connected WhatsApp identity, and the default limits.
import { createHash, randomInt } from 'node:crypto';
import type { Account, accountStatuses } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { ChannelName } from './channel.ts';
import { type LinkRow, presentLink } from './link.ts';
import { type SettingsRow, toSettings } from './settings.ts';

export interface AccountRow extends SettingsRow {
  id: string;
  name: string;
  channel: ChannelName;
  phone: string | null;
  phone_number_id: string;
  status: (typeof accountStatuses)[number];
  status_reason: string | null;
  time_zone: string;
  used_rate_messages: number;
  used_rate_seconds: number;
  used_new_per_day: number | null;
  business_id: string | null;
  app_id: string | null;
  app_name: string | null;
  verified_name: string | null;
  name_status: string | null;
  quality: string | null;
  throughput: string | null;
  messaging_limit: string | null;
  checked_at: Date | null;
  link: LinkRow | null;
  called: number;
  received: number;
  called_today: number;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
}

/** A phone number as people see it, its id at the channel, and the business account that it belongs to. */
export interface AccountNumber {
  phone: string;
  numberId: string;
  businessId: string | null;
}

/** The status reason of an account of WhatsApp Web without a phone. */
export const notLinked = 'No phone is linked.';

/** A random number for a new Sandbox account, from a range that belongs to nobody. The simulator accepts any digits. */
export function sandboxNumber(): Omit<AccountNumber, 'businessId'> {
  const digits = `1555${randomInt(1_000_000, 10_000_000)}`;
  return { phone: `+${digits}`, numberId: digits };
}

/** The business account of a workspace in the Sandbox: always the same, so that its accounts share their templates. */
export const sandboxBusiness = (workspaceId: string): string =>
  `555${String(createHash('sha256').update(workspaceId).digest().readUIntBE(0, 6) % 1e12).padStart(12, '0')}`;

/** The URL of an app's webhooks. */
export const webhookUrl = (baseUrl: string, appName: string): string => `${baseUrl}/webhooks/whatsapp/${appName}`;

export const present = (row: AccountRow, baseUrl: string): Account => ({
  id: toId('account', row.id),
  name: row.name,
  channel: row.channel,
  phone: row.phone,
  phone_number_id: row.phone_number_id,
  status: row.status,
  status_reason: row.status_reason,
  time_zone: row.time_zone,
  ...toSettings(row),
  effective_limits: {
    rate: { messages: row.used_rate_messages, seconds: row.used_rate_seconds },
    new_conversations_per_day: row.used_new_per_day,
  },
  business_account_id: row.business_id,
  app_id: row.app_id,
  webhook_url: row.app_name === null ? null : webhookUrl(baseUrl, row.app_name),
  verified_name: row.verified_name,
  name_status: row.name_status,
  quality: row.quality,
  throughput: row.throughput,
  messaging_limit: row.messaging_limit,
  checked_at: row.checked_at?.toISOString() ?? null,
  counters: { called: row.called, received: row.received, called_today: row.called_today },
  link: row.link && presentLink(row.link, false, 0),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  deleted_at: row.deleted_at?.toISOString() ?? null,
});
