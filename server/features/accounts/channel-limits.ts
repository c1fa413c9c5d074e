// The limits that follow from what the channel says about a number.
import type { NumberInfo } from '../../ports/business.ts';

export interface ChannelLimits {
  /** The most messages in a second; null where the channel says nothing. */
  perSecond: number | null;
  /** The most new conversations in a day; null where there is no limit, or the channel says nothing. */
  newPerDay: number | null;
}

const perSecond: Record<string, number> = { STANDARD: 80, HIGH: 1_000 };

const newPerDay: Record<string, number> = {
  TIER_50: 50,
  TIER_250: 250,
  TIER_1K: 1_000,
  TIER_2K: 2_000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
};

/** The most messages a second of a number that is also in use in the WhatsApp Business app, at any level. */
const perSecondBesideApp = 20;

/** Whether a number is in use both in the WhatsApp Business app and at the Cloud API. */
const isBesideApp = ({ isOnBusinessApp, platform }: Pick<NumberInfo, 'isOnBusinessApp' | 'platform'>): boolean =>
  isOnBusinessApp === true && platform === 'CLOUD_API';

/** The limits of a number by its throughput level, its messaging-limit tier and its use in the app. */
export const limitsOf = ({
  throughput,
  messagingLimit,
  ...use
}: Pick<NumberInfo, 'throughput' | 'messagingLimit' | 'isOnBusinessApp' | 'platform'>): ChannelLimits => ({
  perSecond: isBesideApp(use) ? perSecondBesideApp : (perSecond[throughput ?? ''] ?? null),
  newPerDay: newPerDay[messagingLimit ?? ''] ?? null,
});
