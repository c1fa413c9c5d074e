// Sends one message to Meta's Cloud API and classifies the outcome.
import { sentContents } from '@recado/contract';
import { asDialled } from '../../../kit/text/phone.ts';
import type { Outcome, Outgoing } from '../../../ports/channel.ts';
import { asRecord, asString } from '../json.ts';
import { type Answer, answerOf, type Endpoint, failureOf, headersOf, refusalOf, succeeded } from './call.ts';
import { exchange } from './exchange.ts';
import { messageBody } from './message-body.ts';
import { withProof } from './proof.ts';

/** The URL and headers of an endpoint: the same for all calls until the base URL changes. */
interface Target {
  baseUrl: string;
  origin: string;
  path: string;
  /** The proof of the token. */
  query: string;
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
  const made = { baseUrl, origin, path: pathname.replace(/\/$/, ''), query: withProof('', endpoint.proof), headers };
  targets.set(endpoint, made);
  return made;
}

/** Posts to a phone number of the account. @throws undici's errors */
export async function post(
  endpoint: Endpoint,
  numberId: string,
  body: object,
  edge: 'messages' | 'marketing_messages' = 'messages',
): Promise<Answer> {
  const { origin, path, query, headers } = targetOf(endpoint);
  const answer = await exchange({
    agent: endpoint.agent,
    origin,
    path: `${path}/${encodeURIComponent(numberId)}/${edge}${query}`,
    headers,
    body: JSON.stringify(body),
    deadlineMs: endpoint.deadlineMs,
  });
  return answerOf(answer.status, answer.headers, answer.body);
}

/** Sends one message; never throws. Each receipt of the message contains `token`. */
export async function send(endpoint: Endpoint, outgoing: Outgoing, token: string): Promise<Outcome> {
  try {
    const edge = outgoing.marketing === undefined ? 'messages' : 'marketing_messages';
    const answer = await post(endpoint, outgoing.numberId, messageBody(outgoing, token), edge);
    if (succeeded(answer)) return readAccepted(answer, outgoing);
    return withWordOfMedia(withWordOfMarketing(refusalOf(answer), outgoing), outgoing);
  } catch (error) {
    return failureOf(error);
  }
}

/** Not a marketing message, not eligible, or not allowed: the plain endpoint may take it. */
const notByMarketing: ReadonlySet<string> = new Set(['131055', '134100', '134102']);

const withWordOfMarketing = (outcome: Outcome, { marketing }: Outgoing): Outcome =>
  outcome.class === 'rejected' && marketing === 'prefer' && notByMarketing.has(outcome.code)
    ? { ...outcome, notByMarketing: true }
    : outcome;

/** Meta rejects an unknown file id like any bad parameter, so the file of a content may be the cause. */
const withWordOfMedia = (outcome: Outcome, { type, content }: Outgoing): Outcome =>
  outcome.class === 'rejected' && outcome.code === '100' && ('id' in content || sentContents[type].file === 'inside')
    ? { ...outcome, unknownMedia: true }
    : outcome;

function readAccepted({ body }: Answer, { to }: Outgoing): Outcome {
  const messages = body?.messages;
  const first = Array.isArray(messages) ? asRecord(messages[0]) : undefined;
  const id = asString(first?.id);
  if (!id || Buffer.byteLength(id) > 500)
    return { class: 'unknown', code: 'unreadable_answer', title: 'The channel reported success without an id.' };
  const phone = knownAs(body?.contacts);
  const status = asString(first?.message_status);
  return {
    class: 'accepted',
    channelMessageId: id,
    ...(phone !== undefined && phone !== to && { phone }),
    ...(status !== undefined && held.has(status) && { code: status }),
  };
}

/** The statuses of a template message that Meta does not send at once: it first watches how others like it. */
const held: ReadonlySet<string> = new Set(['held_for_quality_assessment', 'paused']);

/** The number that Meta knows the recipient by: some countries have numbers in two forms. */
function knownAs(contacts: unknown): string | undefined {
  const waId = Array.isArray(contacts) ? asString(asRecord(contacts[0])?.wa_id) : undefined;
  return waId !== undefined && /^[1-9]\d{5,14}$/.test(waId) ? asDialled(`+${waId}`) : undefined;
}
