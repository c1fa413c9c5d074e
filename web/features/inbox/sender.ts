// Who of ours wrote a message.
import type { Message } from '@recado/client';

export type Sent = Pick<Message, 'source' | 'campaign_id' | 'created_by'>;

/** The person or the program that wrote a message of ours; undefined for a campaign, the phone and Recado itself. */
export const namedSender = ({
  source,
  campaign_id: campaign,
  created_by: by,
}: Sent): Message['created_by'] | undefined => (source === null && campaign === null && by !== null ? by : undefined);

/** Messages with the same key have the same sender. */
export const senderKey = (message: Sent & Pick<Message, 'direction'>): string =>
  message.direction === 'inbound' ? 'them' : (message.source ?? message.campaign_id ?? message.created_by?.id ?? '');

/** The name of a person that a line has room for. */
export const firstNameOf = (name: string): string => name.trim().split(/\s+/)[0] ?? '';
