// The id of a message on WhatsApp Web: we choose it, so that a repeated call has the same one.
import { createHash } from 'node:crypto';
import { attemptToken } from '../../../kit/ids.ts';

/** The id for a token of any attempt of a message. The SQL function `web_message_id` computes the same. */
export function webMessageId(token: string): string {
  const message = Buffer.from(attemptToken(token, 0).replaceAll('-', ''), 'hex');
  return `3EB0${createHash('sha256').update(message).digest('hex').slice(0, 18).toUpperCase()}`;
}
