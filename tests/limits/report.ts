// Prints a run: a line for each kind of limit, and the summary.
import { type Excess, together, worst } from './checks.ts';
import type { Account, Findings } from './verdict.ts';

/** The minimum use of an account that only its rate limits. */
export const leastUse = 0.95;

export interface Totals {
  sent: number;
  exceeded: number;
  /** Of accounts that only their rate limits, sorted. */
  uses: number[];
}

const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
const milliseconds = (value: number) => `${value.toFixed(1)} ms`;
const sum = (values: number[]) => values.reduce((left, right) => left + right, 0);
/** Of a sorted list; 0 for an empty one. */
const quantile = (values: number[], part: number) =>
  values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
const sentBy = (accounts: Account[]) => sum(accounts.map(account => account.sent));
const usesOf = (accounts: Account[]) =>
  accounts.flatMap(({ use }) => (use === undefined ? [] : [use])).sort((left, right) => left - right);

export function totalsOf({ accounts }: Findings): Totals {
  return {
    sent: sentBy(accounts),
    exceeded: sum(
      accounts.map(
        ({ rate, bucket, overDay, overNew }) => rate.early.length + (bucket?.early.length ?? 0) + overDay + overNew,
      ),
    ),
    uses: usesOf(accounts),
  };
}

export function linesOf(findings: Findings): string[] {
  const { accounts } = findings;
  const rates = new Map<string, Account[]>();
  for (const account of accounts) {
    const { messages, seconds } = account.plan.limits.rate;
    const name = `rate ${messages} per ${seconds} s`;
    rates.set(name, [...(rates.get(name) ?? []), account]);
  }
  const of = (kind: Account['plan']['kind']) => accounts.filter(({ plan }) => plan.kind === kind);
  const totals = totalsOf(findings);
  return [
    ...[...rates].map(([name, some]) => `${name}: ${rateLine(some)}`),
    `a day, held beyond: ${dayLine(of('day held'))}`,
    `a day, refused beyond: ${dayLine(of('day refused'))}`,
    bucketLine(of('recipient')),
    openingsLine(of('new conversations')),
    jitterLine(of('jitter')),
    `accounts ${accounts.length} sent ${totals.sent} exceeded ${totals.exceeded} use min ${percent(totals.uses[0] ?? 0)} median ${percent(quantile(totals.uses, 0.5))}`,
  ];
}

const early = (calls: Excess) =>
  `exceeded ${calls.early.length}${calls.early.length > 0 ? `, by up to ${milliseconds(worst(calls))}` : ''}`;

function rateLine(accounts: Account[]): string {
  const calls = together(accounts.map(account => account.rate));
  const uses = usesOf(accounts);
  const use = uses.length > 0 ? `, use ${percent(uses[0] ?? 0)} to ${percent(uses.at(-1) ?? 0)} of ${uses.length}` : '';
  return `accounts ${accounts.length}, sent ${sentBy(accounts)}, most in a stretch ${calls.most}, ${early(calls)}${use}`;
}

function dayLine(accounts: Account[]): string {
  const limit = sum(accounts.map(account => account.plan.limits.per_day ?? 0));
  const reached = accounts.filter(account => account.sent === account.plan.limits.per_day).length;
  const refused = sum(accounts.map(account => account.refused));
  return `accounts ${accounts.length}, reached by ${reached}, sent ${sentBy(accounts)} of ${limit}, refused ${refused}, exceeded ${sum(accounts.map(account => account.overDay))}`;
}

function bucketLine(accounts: Account[]): string {
  const calls = together(accounts.flatMap(account => account.bucket ?? []));
  const people = sum(accounts.map(account => account.people));
  return `recipient: accounts ${accounts.length}, recipients ${people}, sent ${sentBy(accounts)}, ${early(calls)}`;
}

function openingsLine(accounts: Account[]): string {
  const limit = sum(accounts.map(account => account.plan.limits.new_conversations_per_day ?? 0));
  const opened = sum(accounts.map(account => account.people));
  const reached = accounts.filter(account => account.people === account.plan.limits.new_conversations_per_day).length;
  return `new conversations: accounts ${accounts.length}, reached by ${reached}, opened ${opened} of ${limit}, sent ${sentBy(accounts)}, exceeded ${sum(accounts.map(account => account.overNew))}`;
}

function jitterLine(accounts: Account[]): string {
  const gaps = accounts.flatMap(account => account.jitter ?? []);
  const shares = gaps.map(({ short }) => short);
  const wrong = sum(gaps.map(each => each.wrong.length));
  return `jitter: accounts ${accounts.length}, sent ${sentBy(accounts)}, gaps shorter than a quarter of it up to ${percent(Math.max(0, ...shares))}, mistakes ${wrong}`;
}
