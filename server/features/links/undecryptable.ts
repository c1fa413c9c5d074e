// Messages that a session could not decrypt: a few happen, many mean that its keys are out of step with WhatsApp.
import type { GatewayRequest, GatewayRequests } from '../../ports/gateway.ts';
import type { HeldSession, SessionNeeds } from './session.ts';

const hourMs = 3_600_000;
/** More undecryptable messages than this in an hour cause a log line. */
const fewInAnHour = 5;

/** Counts what a request delivers that could not be decrypted. */
export function countUndecryptable(
  { log, metrics, realClock }: Pick<SessionNeeds, 'log' | 'metrics' | 'realClock'>,
  session: HeldSession,
  request: GatewayRequest,
  args: unknown,
): void {
  if (request !== 'deliver') return;
  const { items } = args as GatewayRequests['deliver']['args'];
  const found = items.filter(item => item.kind === 'message' && item.message === null && item.stub === 'CIPHERTEXT');
  if (found.length === 0) return;
  metrics.undecryptable.inc(found.length);
  const now = realClock.elapsed();
  const before = lately(session, now);
  session.undecryptable = [...before, ...found.map(() => now)];
  if (before.length <= fewInAnHour && session.undecryptable.length > fewInAnHour)
    log.warn(
      { account: session.accountId, messages: session.undecryptable.length },
      'a session could not decrypt several messages within an hour; if it goes on, unlink the account and link it again',
    );
}

const lately = ({ undecryptable }: HeldSession, now: number): number[] => undecryptable.filter(at => at > now - hourMs);

/** The most messages of one session that could not be decrypted in the last hour. */
export const mostUndecryptable = (sessions: Iterable<HeldSession>, now: number): number =>
  Math.max(0, ...[...sessions].map(session => lately(session, now).length));
