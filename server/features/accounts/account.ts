// An account: one connected WhatsApp identity, and the presets of its limits.
import { randomInt } from 'node:crypto';
import type { Account, accountStatuses, channels, Limits } from '@recado/contract';
import { toId } from '../../kit/ids.ts';

export type ChannelName = (typeof channels)[number];

export interface AccountRow {
  id: string;
  name: string;
  channel: ChannelName;
  phone: string;
  phone_number_id: string;
  status: (typeof accountStatuses)[number];
  status_reason: string | null;
  time_zone: string;
  rate_messages: number;
  rate_seconds: number;
  per_day: number | null;
  sent: number;
  received: number;
  sent_today: number;
  created_at: Date;
  updated_at: Date;
}

/** What Meta allows a number of its Cloud API a second, and a day's worth that keeps a mistake small. */
export const presets: Record<ChannelName, Limits> = {
  sandbox: { rate: { messages: 80, seconds: 1 }, per_day: 1_000 },
};

/** A number for a new Sandbox account, out of a range that belongs to nobody. The simulator takes any digits. */
export function sandboxNumber(): { phone: string; numberId: string } {
  const digits = `1555${randomInt(1_000_000, 9_999_999)}${randomInt(10, 99)}`.slice(0, 11);
  return { phone: `+${digits}`, numberId: digits };
}

export const present = (row: AccountRow): Account => ({
  id: toId('account', row.id),
  name: row.name,
  channel: row.channel,
  phone: row.phone,
  phone_number_id: row.phone_number_id,
  status: row.status,
  status_reason: row.status_reason,
  time_zone: row.time_zone,
  limits: { rate: { messages: row.rate_messages, seconds: row.rate_seconds }, per_day: row.per_day },
  counters: { sent: row.sent, received: row.received, sent_today: row.sent_today },
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
