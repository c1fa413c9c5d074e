// The channel for Meta's WhatsApp Cloud API. The Sandbox uses it too, with the simulator as the Graph API.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { messageTypes } from '@recado/contract';
import type { Channel } from '../../../ports/channel.ts';
import { openAgent } from './agent.ts';
import { refusalOf, succeeded } from './call.ts';
import { contentLimits } from './content-limits.ts';
import { fetchMedia } from './fetch-media.ts';
import { listHistory } from './history.ts';
import { mediaLimits } from './media-limits.ts';
import { numbersIn, parse } from './parse.ts';
import { post, send } from './send.ts';
import { uploadMedia } from './upload-media.ts';

export { mediaLimits } from './media-limits.ts';

export interface WhatsAppCloudSettings {
  /** The Graph API base URL with its version, from the configuration only; read at each call. */
  baseUrl: () => string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  /** The User-Agent of calls, such as `recado/1.0.0`. */
  userAgent: string;
  /** The deadline of a call, in milliseconds. */
  deadlineMs: number;
  /** Whether free-form messages need an open 24-hour window; true by default. Only a Sandbox can be without one. */
  window?: boolean;
  /** The deadline of a file transfer, in milliseconds; ten minutes by default. */
  mediaDeadlineMs?: number;
}

const sameText = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Opens the channel of one Meta app. */
export function whatsAppCloud(settings: WhatsAppCloudSettings): Channel {
  const agent = openAgent();
  const endpoint = { mediaDeadlineMs: 1_800_000, ...settings, agent };
  return {
    capabilities: {
      types: new Set(messageTypes),
      media: mediaLimits,
      content: contentLimits,
      window: settings.window ?? true,
    },
    send: (outgoing, token) => send(endpoint, outgoing, token),
    uploadMedia: (numberId, file) => uploadMedia(endpoint, numberId, file),
    fetchMedia: channelMediaId => fetchMedia(endpoint, channelMediaId),
    history: (numberId, since) => listHistory(endpoint, numberId, since),
    async markRead(numberId, channelMessageId) {
      try {
        const answer = await post(endpoint, numberId, {
          messaging_product: 'whatsapp',
          status: 'read',
          message_id: channelMessageId,
        });
        if (succeeded(answer)) return 'done';
        return refusalOf(answer).class === 'rejected' ? 'rejected' : 'try_again';
      } catch {
        // Marking twice does no harm, so every failed call is retried.
        return 'try_again';
      }
    },
    verify(raw, signature) {
      if (!signature || !/^sha256=[0-9a-f]{64}$/.test(signature)) return false;
      const expected = createHmac('sha256', settings.appSecret).update(raw).digest('hex');
      return sameText(signature, `sha256=${expected}`);
    },
    challenge(query) {
      const token = query['hub.verify_token'];
      const challenge = query['hub.challenge'];
      if (query['hub.mode'] !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string')
        return undefined;
      // Echo only a short plain token, so that the response can never be markup.
      return sameText(token, settings.verifyToken) && /^[\w-]{1,200}$/.test(challenge) ? challenge : undefined;
    },
    numbersIn,
    parse,
    close: () => agent.destroy(),
  };
}
