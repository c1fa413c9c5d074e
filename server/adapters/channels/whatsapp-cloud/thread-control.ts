// Takes, passes on or releases a conversation at Meta, where several may answer it.
import type { ControlOutcome, ThreadControl } from '../../../ports/channel.ts';
import { answerOf, type Endpoint, failureOf, headersOf, refusalOf, succeeded } from './call.ts';
import { exchange } from './exchange.ts';
import { withProof } from './proof.ts';

/** One call; never throws. A repeat of it may be another one, so nobody repeats it. */
export async function controlThread(
  endpoint: Endpoint,
  numberId: string,
  to: string,
  { action, role, metadata }: ThreadControl,
): Promise<ControlOutcome> {
  try {
    const address = `${endpoint.baseUrl()}/${encodeURIComponent(numberId)}/thread_control`;
    const url = new URL(withProof(address, endpoint.proof));
    const { status, headers, body } = await exchange({
      agent: endpoint.agent,
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      headers: Object.entries({ ...headersOf(endpoint), 'content-type': 'application/json' }).flat(),
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        ...(to.startsWith('+') ? { to } : { recipient: to }),
        action,
        ...(role !== undefined && { control_pass: { target_role: role } }),
        ...(metadata !== undefined && { metadata }),
      }),
      deadlineMs: endpoint.deadlineMs,
    });
    const answer = answerOf(status, headers, body);
    if (succeeded(answer)) return { class: 'done' };
    const { class: kind, code, title } = refusalOf(answer);
    return { class: kind === 'unknown' ? 'unknown' : 'rejected', code, title };
  } catch (error) {
    const { class: kind, code, title } = failureOf(error);
    return { class: kind === 'unknown' ? 'unknown' : 'rejected', code, title };
  }
}
