// The channel for Meta's WhatsApp Cloud API. The Sandbox uses it too, with the simulator as the Graph API.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { messageTypes } from '@recado/contract';
import type { Agent } from 'undici';
import type { Capabilities, Channel, Webhooks } from '../../../ports/channel.ts';
import { openAgent } from './agent.ts';
import { refusalOf, succeeded } from './call.ts';
import { contentLimits } from './content-limits.ts';
import { fetchMedia } from './fetch-media.ts';
import { mediaLimits } from './media-limits.ts';
import { numbersIn, parse } from './parse.ts';
import { proofOf } from './proof.ts';
import { post, send } from './send.ts';
import { cloudTemplates } from './templates.ts';
import { controlThread } from './thread-control.ts';
import { uploadMedia } from './upload-media.ts';

export { openAgent } from './agent.ts';
export { metaBusiness } from './business.ts';
export { mediaLimits } from './media-limits.ts';

/** What all accounts on one Graph API share. */
export interface GraphSettings {
  /** The Graph API base URL with its version, from the configuration only; read at each call. */
  baseUrl: () => string;
  /** The User-Agent of calls, such as `recado/1.0.0`. */
  userAgent: string;
  /** The deadline of a call, in milliseconds. */
  deadlineMs: number;
  /** Whether free-form messages need an open 24-hour window; true by default. Only a Sandbox can be without one. */
  window?: boolean;
  /** The deadline of a file transfer, in milliseconds; ten minutes by default. */
  mediaDeadlineMs?: number;
  /** Which of several messaging accounts of a number its messages are of; sent with each. */
  messagingAccountId?: string | undefined;
  /** Connections to share, which the caller closes; its own by default. */
  agent?: Agent;
}

export interface AppSecrets {
  appSecret: string;
  verifyToken: string;
}

const sameText = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** What accounts can send; `window`: whether free-form messages need an open 24-hour window. */
export const capabilitiesOf = (window = true): Capabilities => ({
  types: new Set(messageTypes),
  media: mediaLimits,
  links: true,
  options: true,
  addresses: new Set(['phone', 'bsuid'] as const),
  content: contentLimits,
  window,
});

/** The channel of the accounts with this access token. Closing it aborts the calls on connections of its own. */
export function whatsAppCloud(
  settings: GraphSettings & { accessToken: string; appSecret?: string | undefined },
): Channel & { close: () => Promise<void> } {
  const agent = settings.agent ?? openAgent();
  const { accessToken, appSecret, messagingAccountId, ...graph } = settings;
  const endpoint = {
    mediaDeadlineMs: 1_800_000,
    ...graph,
    accessToken,
    agent,
    proof: proofOf({ accessToken, appSecret }),
  };
  const own = messagingAccountId === undefined ? undefined : { messaging_account_id: messagingAccountId };
  return {
    capabilities: capabilitiesOf(settings.window),
    send: (outgoing, token) =>
      send(endpoint, own ? { ...outgoing, options: { ...outgoing.options, ...own } } : outgoing, token),
    uploadMedia: (numberId, file) => uploadMedia(endpoint, numberId, file),
    fetchMedia: channelMediaId => fetchMedia(endpoint, channelMediaId),
    controlThread: (numberId, to, control) => controlThread(endpoint, numberId, to, control),
    templates: cloudTemplates(endpoint),
    async markRead(numberId, channelMessageId, isTyping = false) {
      try {
        const answer = await post(endpoint, numberId, {
          messaging_product: 'whatsapp',
          status: 'read',
          message_id: channelMessageId,
          ...(isTyping && { typing_indicator: { type: 'text' } }),
        });
        if (succeeded(answer)) return 'done';
        return refusalOf(answer).class === 'rejected' ? 'rejected' : 'try_again';
      } catch {
        // Marking twice does no harm, so every failed call is retried.
        return 'try_again';
      }
    },
    close: async () => {
      if (settings.agent === undefined) await agent.destroy();
    },
  };
}

/** The webhooks of one Meta app. */
export function metaWebhooks({ appSecret, verifyToken }: AppSecrets): Webhooks {
  return {
    verify(raw, signature) {
      if (!signature || !/^sha256=[0-9a-f]{64}$/.test(signature)) return false;
      const expected = createHmac('sha256', appSecret).update(raw).digest('hex');
      return sameText(signature, `sha256=${expected}`);
    },
    challenge(query) {
      const token = query['hub.verify_token'];
      const challenge = query['hub.challenge'];
      if (query['hub.mode'] !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string')
        return undefined;
      // Echo only a short plain token, so that the response can never be markup.
      return sameText(token, verifyToken) && /^[\w-]{1,200}$/.test(challenge) ? challenge : undefined;
    },
    numbersIn,
    parse,
  };
}
