// The verdict on a run: every budget of every account against the ledger.
import { checkBucket, checkRate, type Excess, together, useOf } from './checks.ts';
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
  /** The same by the times of the claims, in which the budgets are taken. */
  rateOfClaims: Excess;
  bucketOfClaims: Excess | undefined;
  overDay: number;
  overNew: number;
  /** Only of who is limited by the rate alone. */
  use: number | undefined;
}

export interface Findings {
  accounts: Account[];
  /** Milliseconds from the claim to the ledger, in rising order. */
  delays: number[];
  complaints: string[];
}

const rising = (left: number, right: number) => left - right;

export function judge(senders: Sender[], claims: Map<string, number>, complaints: string[], end: number): Findings {
  const delays: number[] = [];
  const seen = new Set<string>();
  const accounts = senders.map((sender): Account => {
    if (sender.plan.kind === 'rate' && sender.short > 0)
      complaints.push(`the load let the queue of ${sender.numberId} run short ${sender.short} times`);
    const calls = sender.entries.map(({ at, to, token }) => {
      const claim = claims.get(token ?? '');
      if (claim === undefined) complaints.push(`a call of ${sender.numberId} has no claim`);
      if (seen.has(token ?? '')) complaints.push(`a claim of ${sender.numberId} has two calls`);
      seen.add(token ?? '');
      const time = Date.parse(at);
      if (claim !== undefined) delays.push(time - claim);
      return { to, at: time, claim: claim ?? time };
    });
    const { rate, recipient, per_day: day, new_conversations_per_day: openings } = sender.plan.limits;
    const buckets = (by: 'at' | 'claim') =>
      recipient ? together([...grouped(calls, by).values()].map(times => checkBucket(times, recipient))) : undefined;
    const claimed = calls.map(call => call.claim).sort(rising);
    return {
      plan: sender.plan,
      sent: calls.length,
      people: sender.known.size,
      refused: sender.refused,
      short: sender.short,
      rate: checkRate(calls.map(call => call.at).sort(rising), rate),
      bucket: buckets('at'),
      rateOfClaims: checkRate(claimed, rate),
      bucketOfClaims: buckets('claim'),
      overDay: day === null ? 0 : Math.max(0, calls.length - day),
      overNew: openings === null ? 0 : Math.max(0, sender.known.size - openings),
      use: sender.plan.kind === 'rate' ? useOf(claimed, rate, end) : undefined,
    };
  });
  return { accounts, delays: delays.sort(rising), complaints };
}

function grouped(calls: { to: string; at: number; claim: number }[], by: 'at' | 'claim'): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const call of calls) {
    const times = groups.get(call.to);
    if (times) times.push(call[by]);
    else groups.set(call.to, [call[by]]);
  }
  for (const times of groups.values()) times.sort(rising);
  return groups;
}
