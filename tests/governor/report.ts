// What is printed of a run: a line for each kind of limit, how late calls followed their claims, and the last line.
import { type Excess, exceeded, together, worst } from './checks.ts';
import type { Account, Findings } from './verdict.ts';

const forgivenMs = 50;

const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
const milliseconds = (value: number) => `${value.toFixed(1)} ms`;
const sum = (values: number[]) => values.reduce((left, right) => left + right, 0);
const rising = (values: number[]) => [...values].sort((left, right) => left - right);
/** Of a rising list; 0 of an empty one. */
const quantile = (values: number[], part: number) => values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
const sentBy = (accounts: Account[]) => sum(accounts.map(account => account.sent));

/** Too early by the ledger, as it is and with 50 ms forgiven; then by the claims, which take the budget. */
const early = (calls: Excess, claims: Excess) =>
  `exceeded ${exceeded(calls, 0)} (shortened by ${forgivenMs} ms: ${exceeded(calls, forgivenMs)}; worst ${milliseconds(worst(calls))}; by the claims ${exceeded(claims, 0)})`;

export const usesOf = ({ accounts }: Findings): number[] =>
  rising(accounts.flatMap(account => (account.use === undefined ? [] : [account.use])));

export function linesOf(findings: Findings): string[] {
  const { accounts, delays } = findings;
  const rates = new Map<string, Account[]>();
  for (const account of accounts) {
    const { messages, seconds } = account.plan.limits.rate;
    const name = `rate ${messages} per ${seconds} s`;
    rates.set(name, [...(rates.get(name) ?? []), account]);
  }
  return [
    ...[...rates].map(([name, some]) => `${name}: ${rateLine(some)}`),
    ...(['day held', 'day refused'] as const).map(kind => dayLine(kind, of(accounts, kind))),
    bucketLine(of(accounts, 'recipient')),
    openingsLine(of(accounts, 'new conversations')),
    jitterLine(of(accounts, 'jitter')),
    `from claim to ledger: median ${milliseconds(quantile(delays, 0.5))}, 99 % within ${milliseconds(quantile(delays, 0.99))}, longest ${milliseconds(delays.at(-1) ?? 0)}`,
  ];
}

const of = (accounts: Account[], kind: Account['plan']['kind']) => accounts.filter(({ plan }) => plan.kind === kind);

function rateLine(accounts: Account[]): string {
  const calls = together(accounts.map(account => account.rate));
  const claims = together(accounts.map(account => account.rateOfClaims));
  const uses = rising(accounts.flatMap(account => (account.use === undefined ? [] : [account.use])));
  const use = uses.length > 0 ? `, use ${percent(uses[0] ?? 0)} to ${percent(uses.at(-1) ?? 0)} of ${uses.length}` : '';
  return `accounts ${accounts.length}, sent ${sentBy(accounts)}, most in a stretch ${calls.most}, ${early(calls, claims)}${use}`;
}

function dayLine(kind: string, accounts: Account[]): string {
  const limit = sum(accounts.map(account => account.plan.limits.per_day ?? 0));
  const reached = accounts.filter(account => account.sent === account.plan.limits.per_day).length;
  const refused = sum(accounts.map(account => account.refused));
  return `${kind}: accounts ${accounts.length}, reached ${reached}, sent ${sentBy(accounts)} of ${limit}, refused ${refused}, exceeded ${sum(accounts.map(account => account.overDay))}`;
}

function bucketLine(accounts: Account[]): string {
  const calls = together(accounts.flatMap(account => account.bucket ?? []));
  const claims = together(accounts.flatMap(account => account.bucketOfClaims ?? []));
  const people = sum(accounts.map(account => account.people));
  return `recipient: accounts ${accounts.length}, recipients ${people}, sent ${sentBy(accounts)}, ${early(calls, claims)}`;
}

function openingsLine(accounts: Account[]): string {
  const limit = sum(accounts.map(account => account.plan.limits.new_conversations_per_day ?? 0));
  const reached = accounts.filter(account => account.people === account.plan.limits.new_conversations_per_day).length;
  return `new conversations: accounts ${accounts.length}, reached ${reached}, opened ${sum(accounts.map(account => account.people))} of ${limit}, sent ${sentBy(accounts)}, exceeded ${sum(accounts.map(account => account.overNew))}`;
}

const jitterLine = (accounts: Account[]) => `jitter: accounts ${accounts.length}, sent ${sentBy(accounts)}, with the rates above`;
