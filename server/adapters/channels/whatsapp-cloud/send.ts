// One message to Meta's Cloud API, and the class of what came of it.
import { request } from 'undici';
import type { Outcome, Outgoing } from '../../../ports/channel.ts';
import {
  type Answer,
  deadline,
  type Endpoint,
  failureOf,
  headersOf,
  readAnswer,
  refusalOf,
  succeeded,
} from './call.ts';
import { asRecord, asString } from './json.ts';

/** Posts to a number of the account. @throws whatever undici throws. */
export async function post(endpoint: Endpoint, numberId: string, body: object): Promise<Answer> {
  const { signal, clear } = deadline(endpoint.deadlineMs);
  try {
    const response = await request(`${endpoint.baseUrl()}/${encodeURIComponent(numberId)}/messages`, {
      method: 'POST',
      dispatcher: endpoint.agent,
      headers: { ...headersOf(endpoint), 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    return await readAnswer(response);
  } finally {
    clear();
  }
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
