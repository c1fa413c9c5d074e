// New drafts out of a campaign.
import type { Campaign, CreateCampaignBody } from '@recado/client';
import { messagesOf } from './messages.ts';

const mostLetters = 100;

/** The settings that a copy keeps: all but its name, its people and its start. */
const kept = (campaign: Campaign): Omit<CreateCampaignBody, 'name'> => ({
  account_ids: campaign.account_ids,
  variants: messagesOf(campaign).map((message, place) => ({ share: campaign.variants[place]?.share ?? 0, message })),
  control_share: campaign.control_share,
  recipients_at: campaign.recipients_at,
  hours: campaign.hours,
  waves: campaign.waves,
  stop_rules: campaign.stop_rules,
  rate_per_minute: campaign.rate_per_minute,
  daily_share: campaign.daily_share,
  caps: campaign.caps,
  reply_hours: campaign.reply_hours,
});

/** The same to the same people, without a start. */
export const copyOf = (campaign: Campaign, name: string): CreateCampaignBody => ({
  ...kept(campaign),
  name: name.slice(0, mostLetters),
  include: campaign.include,
  exclude: campaign.exclude,
});

/** The same to those who got it and did not read it. */
export const toUnread = (campaign: Campaign, name: string): CreateCampaignBody => ({
  ...kept(campaign),
  name: name.slice(0, mostLetters),
  include: [{ campaign_id: campaign.id, fate: 'not_read' }],
});
