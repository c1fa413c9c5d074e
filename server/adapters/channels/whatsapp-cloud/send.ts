// One message to Meta's Cloud API, and the class of what came of it.
import type { Outcome, Outgoing } from '../../../ports/channel.ts';
import { type Answer, answerOf, type Endpoint, failureOf, headersOf, refusalOf, succeeded } from './call.ts';
import { exchange } from './exchange.ts';
import { asRecord, asString } from './json.ts';

/** Where an endpoint is posted to, and with which headers: the same for all calls, until its address changes. */
interface Target {
  baseUrl: string;
  origin: string;
  path: string;
  headers: string[];
}

const targets = new WeakMap<Endpoint, Target>();

/** @throws TypeError where the address is none */
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

/** Posts to a number of the account. @throws whatever undici throws. */
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

/** Sends one message; never throws. The token comes back in every receipt of it. */
export async function send(endpoint: Endpoint, outgoing: Outgoing, token: string): Promise<Outcome> {
  try {
    const answer = await post(endpoint, outgoing.numberId, {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: outgoing.to,
      type: outgoing.type,
      [outgoing.type]: outgoing.content,
      biz_opaque_callback_data: token,
    });
    return succeeded(answer) ? readAccepted(answer) : withWordOfMedia(refusalOf(answer), outgoing);
  } catch (error) {
    return failureOf(error);
  }
}

/** Meta refuses an id of a file that it does not know as any bad parameter; everything else of ours was checked. */
const withWordOfMedia = (outcome: Outcome, { content }: Outgoing): Outcome =>
  outcome.class === 'rejected' && outcome.code === '100' && content.id !== undefined
    ? { ...outcome, unknownMedia: true }
    : outcome;

function readAccepted({ body }: Answer): Outcome {
  const messages = body?.messages;
  const id = Array.isArray(messages) ? asString(asRecord(messages[0])?.id) : undefined;
  if (id && Buffer.byteLength(id) <= 500) return { class: 'accepted', channelMessageId: id };
  return { class: 'unknown', code: 'unreadable_answer', title: 'The channel answered with success but gave no id.' };
}
