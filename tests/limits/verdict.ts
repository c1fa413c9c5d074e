// Judges a run: every limit of every account against the ledger.
import { checkBucket, checkJitter, checkRate, type Excess, type Gaps, together, useOf } from './checks.ts';
import type { Sender } from './load.ts';
import type { Plan } from './plans.ts';

export interface Account {
  plan: Plan;
  sent: number;
  people: number;
  refused: number;
  short: number;
  rate: Excess;
  bucket: Excess | undefined;
  jitter: Gaps | undefined;
  overDay: number;
  overNew: number;
  /** Only of accounts that only their rate limits. */
  use: number | undefined;
}

export interface Findings {
  accounts: Account[];
  complaints: string[];
}

const rising = (left: number, right: number) => left - right;

export function judge(senders: Sender[], claims: Set<string>, complaints: string[], end: number): Findings {
  const seen = new Set<string>();
  const accounts = senders.map((sender): Account => {
    if (sender.plan.kind === 'rate' && sender.short > 0)
      complaints.push(`the load let the queue of ${sender.numberId} run short ${sender.short} times`);
    const calls = sender.entries.map(({ at, to, token }) => {
      if (!claims.has(token ?? '')) complaints.push(`a call of ${sender.numberId} has no claim`);
      if (seen.has(token ?? '')) complaints.push(`a claim of ${sender.numberId} has two calls`);
      seen.add(token ?? '');
      return { to, at: Date.parse(at) };
    });
    const {
      rate,
      recipient,
      jitter_ms: jitterMs,
      per_day: day,
      new_conversations_per_day: openings,
    } = sender.plan.limits;
    const times = calls.map(call => call.at).sort(rising);
    const jitter = jitterMs > 0 ? checkJitter(times, jitterMs, rate) : undefined;
    for (const wrong of jitter?.wrong ?? []) complaints.push(`the gaps of ${sender.numberId}: ${wrong}`);
    return {
      plan: sender.plan,
      sent: calls.length,
      people: sender.known.size,
      refused: sender.refused,
      short: sender.short,
      rate: checkRate(times, rate),
      bucket: recipient ? together([...grouped(calls).values()].map(some => checkBucket(some, recipient))) : undefined,
      jitter,
      overDay: day === null ? 0 : Math.max(0, calls.length - day),
      overNew: openings === null ? 0 : Math.max(0, sender.known.size - openings),
      use: sender.plan.kind === 'rate' ? useOf(times, rate, end) : undefined,
    };
  });
  return { accounts, complaints };
}

function grouped(calls: { to: string; at: number }[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const call of calls) {
    const times = groups.get(call.to);
    if (times) times.push(call.at);
    else groups.set(call.to, [call.at]);
  }
  for (const times of groups.values()) times.sort(rising);
  return groups;
}
