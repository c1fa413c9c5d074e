// The mix of limits in a run: an account's position decides the kind, the seed the amount.
import type { Limits } from '../../contract/accounts.ts';
import type { Random } from '../faults/random.ts';

export type Kind = 'rate' | 'day held' | 'day refused' | 'recipient' | 'new conversations' | 'jitter';

export interface Plan {
  kind: Kind;
  limits: Pick<
    Limits,
    'rate' | 'per_day' | 'on_limit' | 'recipient' | 'new_conversations_per_day' | 'jitter_ms' | 'concurrency'
  >;
  /** How many people the account writes to. */
  people: number;
}

type Seat = [kind: Kind, messages: number, seconds: number];

// The first eight have one of each kind, for a short run; a longer run uses all fifty, which send some 250 a second.
const seats: Seat[] = [
  ['rate', 10, 1],
  ['day held', 10, 1],
  ['recipient', 10, 1],
  ['rate', 5, 10],
  ['day refused', 5, 1],
  ['new conversations', 10, 1],
  ['jitter', 5, 1],
  ['rate', 1, 3],
  ['rate', 80, 1],
  ['rate', 20, 60],
  ['rate', 30, 30],
  ...several(1, 'rate', 80, 1),
  ...several(5, 'rate', 10, 1),
  ...several(4, 'rate', 20, 60),
  ...several(4, 'rate', 5, 10),
  ...several(3, 'rate', 30, 30),
  ...several(3, 'rate', 1, 3),
  ...several(2, 'day held', 5, 1),
  ...several(1, 'day held', 5, 10),
  ...several(2, 'day refused', 10, 1),
  ...several(1, 'day refused', 5, 10),
  ...several(3, 'recipient', 10, 1),
  ...several(2, 'recipient', 5, 10),
  ...several(3, 'new conversations', 10, 1),
  ...several(1, 'new conversations', 30, 30),
  ...several(2, 'jitter', 10, 1),
  ...several(2, 'jitter', 5, 10),
];

function several(count: number, ...seat: Seat): Seat[] {
  return Array.from({ length: count }, () => seat);
}

/** The plans of the accounts. A daily limit is low enough to be reached within the run. */
export function plansFor(accounts: number, seconds: number, random: Random): Plan[] {
  return Array.from({ length: accounts }, (_, place) => {
    const [kind, messages, stretch] = seats[place % seats.length] as Seat;
    const rate = { messages, seconds: stretch };
    const plan: Plan = {
      kind,
      limits: {
        rate,
        per_day: null,
        on_limit: 'hold',
        recipient: null,
        new_conversations_per_day: null,
        jitter_ms: 0,
        concurrency: Math.min(40, Math.max(10, messages)),
      },
      people: 500,
    };
    const part = (random.whole(30, 60) / 100) * seconds;
    const { limits } = plan;
    if (kind === 'day held' || kind === 'day refused') {
      limits.per_day = Math.max(messages, Math.floor((messages * part) / stretch));
      limits.on_limit = kind === 'day held' ? 'hold' : 'reject';
    } else if (kind === 'recipient') {
      limits.recipient = { burst: random.whole(1, 5), seconds: random.whole(1, 6) };
      plan.people = random.whole(2, 6);
    } else if (kind === 'new conversations') {
      limits.new_conversations_per_day = random.whole(5, 20);
    } else if (kind === 'jitter') {
      limits.jitter_ms = random.whole(2, 20) * 100;
    }
    return plan;
  });
}

/** A time zone where it is about noon, so that no account's day ends during a run. */
export function noonZone(now: Date): string {
  const ahead = 12 - now.getUTCHours();
  // The names of these zones have the opposite sign.
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
