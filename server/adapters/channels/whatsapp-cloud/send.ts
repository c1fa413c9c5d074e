// Sends one message to Meta's Cloud API and classifies the outcome.
import type { MessageContent } from '@recado/contract';
import type { Outcome, Outgoing } from '../../../ports/channel.ts';
import { type Answer, answerOf, type Endpoint, failureOf, headersOf, refusalOf, succeeded } from './call.ts';
import { exchange } from './exchange.ts';
import { asRecord, asString } from './json.ts';

/** The URL and headers of an endpoint: the same for all calls until the base URL changes. */
interface Target {
  baseUrl: string;
  origin: string;
  path: string;
  headers: string[];
}

const targets = new WeakMap<Endpoint, Target>();

/** @throws TypeError if the URL is invalid */
function targetOf(endpoint: Endpoint): Target {
  const baseUrl = endpoint.baseUrl();
  const known = targets.get(endpoint);
  if (known?.baseUrl === baseUrl) return known;
  const { origin, pathname } = new URL(baseUrl);
  const headers = Object.entries({ ...headersOf(endpoint), 'content-type': 'application/json' }).flat();
  const made = { baseUrl, origin, path: pathname.replace(/\/$/, ''), headers };
  targets.set(endpoint, made);
  return made;
}

/** Posts to a phone number of the account. @throws undici's errors */
export async function post(endpoint: Endpoint, numberId: string, body: object): Promise<Answer> {
  const { origin, path, headers } = targetOf(endpoint);
  const answer = await exchange({
    agent: endpoint.agent,
    origin,
    path: `${path}/${encodeURIComponent(numberId)}/messages`,
    headers,
    body: JSON.stringify(body),
    deadlineMs: endpoint.deadlineMs,
  });
  return answerOf(answer.status, answer.headers, answer.body);
}

/** Sends one message; never throws. Each receipt of the message contains `token`. */
export async function send(endpoint: Endpoint, outgoing: Outgoing, token: string): Promise<Outcome> {
  try {
    const answer = await post(endpoint, outgoing.numberId, {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: outgoing.to,
      type: outgoing.type,
      [outgoing.type]: wireContent(outgoing),
      biz_opaque_callback_data: token,
    });
    return succeeded(answer) ? readAccepted(answer) : withWordOfMedia(refusalOf(answer), outgoing);
  } catch (error) {
    return failureOf(error);
  }
}

/** The content with Meta's fields only: a template also carries what we show of it. */
function wireContent({ type, content }: Outgoing): MessageContent {
  if (type !== 'template') return content;
  const { category: _category, text: _text, ...rest } = content as Record<string, unknown>;
  return rest;
}

/** Meta rejects an unknown file id like any bad parameter. We validated everything else, so the file is the cause. */
const withWordOfMedia = (outcome: Outcome, { content }: Outgoing): Outcome =>
  outcome.class === 'rejected' && outcome.code === '100' && 'id' in content
    ? { ...outcome, unknownMedia: true }
    : outcome;

function readAccepted({ body }: Answer): Outcome {
  const messages = body?.messages;
  const id = Array.isArray(messages) ? asString(asRecord(messages[0])?.id) : undefined;
  if (id && Buffer.byteLength(id) <= 500) return { class: 'accepted', channelMessageId: id };
  return { class: 'unknown', code: 'unreadable_answer', title: 'The channel reported success without an id.' };
}
