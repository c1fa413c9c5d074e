// An account: one connected WhatsApp identity, and the default limits.
import { createHash, randomInt } from 'node:crypto';
import { type Account, type AccountWebhooks, type accountStatuses, type ChannelName, channels } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { BusinessInfo, NumberInfo, TokenInfo } from '../../ports/business.ts';
import { type LinkRow, presentLink } from './link.ts';
import { type SettingsRow, toSettings } from './settings.ts';

/** The channel's statements about a number and its business, beside those that govern limits. */
export type NumberFacts = Pick<
  Account,
  | 'number_status'
  | 'code_verification_status'
  | 'account_mode'
  | 'platform_type'
  | 'is_on_biz_app'
  | 'health_status'
  | 'marketing_messages_onboarding_status'
  | 'disable_marketing_messages_on_cloud_api'
  | 'token_expires_at'
>;

/** The facts of a reading. A fact that the channel did not give is left out. */
export function numberFacts(
  { status, codeVerification, mode, platform, isOnBusinessApp, health }: NumberInfo,
  business: BusinessInfo | undefined,
  token: Pick<TokenInfo, 'expiresAt'> | undefined,
): Partial<NumberFacts> {
  const read = {
    number_status: status,
    code_verification_status: codeVerification,
    account_mode: mode,
    platform_type: platform,
    is_on_biz_app: isOnBusinessApp,
    health_status: health && {
      can_send_message: health.canSend,
      reasons: health.reasons.map(({ entity, code = null, message, remedy = null }) => ({
        entity,
        code,
        message,
        remedy,
      })),
    },
    marketing_messages_onboarding_status: business?.marketingOnboarding,
    disable_marketing_messages_on_cloud_api: business?.isMarketingDisabled,
    token_expires_at: token && (token.expiresAt?.toISOString() ?? null),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

const noFacts: NumberFacts = {
  number_status: null,
  code_verification_status: null,
  account_mode: null,
  platform_type: null,
  is_on_biz_app: null,
  health_status: null,
  marketing_messages_onboarding_status: null,
  disable_marketing_messages_on_cloud_api: null,
  token_expires_at: null,
};

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
  new_chats: { left: number; until: string | null } | null;
  business_id: string | null;
  app_id: string | null;
  app_name: string | null;
  verified_name: string | null;
  name_status: string | null;
  quality: string | null;
  throughput: string | null;
  messaging_limit: string | null;
  number_facts: Partial<NumberFacts>;
  webhooks: AccountWebhooks | null;
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

/** A quota of new chats as the API shows it. */
export const presentNewChats = (quota: { left: number; until: string | Date | null } | null): Account['new_chats'] =>
  quota && { left: quota.left, resets_at: quota.until === null ? null : new Date(quota.until).toISOString() };

export const present = (row: AccountRow, baseUrl: string): Account => ({
  id: toId('account', row.id),
  name: row.name,
  channel: row.channel,
  capabilities: channels[row.channel],
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
  new_chats: presentNewChats(row.new_chats),
  business_account_id: row.business_id,
  app_id: row.app_id,
  webhook_url: row.app_name === null ? null : webhookUrl(baseUrl, row.app_name),
  verified_name: row.verified_name,
  name_status: row.name_status,
  quality: row.quality,
  throughput: row.throughput,
  messaging_limit: row.messaging_limit,
  ...noFacts,
  ...row.number_facts,
  webhooks: row.webhooks,
  checked_at: row.checked_at?.toISOString() ?? null,
  counters: { called: row.called, received: row.received, called_today: row.called_today },
  link: row.link && presentLink(row.link, false, 0),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  deleted_at: row.deleted_at?.toISOString() ?? null,
});
