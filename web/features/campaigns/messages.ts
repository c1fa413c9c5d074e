// The messages of a campaign.
import type { Campaign, CampaignMessage } from '@recado/client';

/** The messages by variant: the server answers with those that it took, as requests had them. */
export const messagesOf = ({ variants }: Pick<Campaign, 'variants'>): CampaignMessage[] =>
  variants.map(({ message }) => message as unknown as CampaignMessage);
