// Meta's limits of sending and of management calls.
import type { Clock } from '../kit/clock.ts';
import { GraphError } from './graph-errors.ts';

/** Messages a second of a business number. */
export const throughputs = { standard: 80, high: 1_000, coexistence: 20 } as const;
export type Throughput = keyof typeof throughputs;
export const throughputNames = Object.keys(throughputs) as Throughput[];

/** People whom a business portfolio may write to outside of their windows, in 24 hours. */
export const tiers = {
  TIER_250: 250,
  TIER_2K: 2_000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
  TIER_UNLIMITED: Number.POSITIVE_INFINITY,
} as const;
export type Tier = keyof typeof tiers;
export const tierNames = Object.keys(tiers) as Tier[];

/** Messages of one number to one person: at most `burst` at once, and one more every `seconds`. */
export type Pair = { burst: number; seconds: number };

const start = { tier: 'TIER_2K' as Tier, pair: { burst: 45, seconds: 6 }, management: 5_000 };
/** The restrictions of Meta, and the wait that it tells. They apply even if the limits are not enabled. */
const unrestricted = {
  marketing_on_messages: true,
  marketing_signed_up: true,
  templates: true,
  regain_minutes: null as number | null,
};
export type Restrictions = typeof unrestricted;
const day = 24 * 3_600_000;
const hour = 3_600_000;

/** What the limits are set to; each change is optional. */
export type LimitsChange = {
  enabled?: boolean | undefined;
  tier?: Tier | undefined;
  pair?: Pair | undefined;
  management?: number | undefined;
  throughput?: Throughput | undefined;
  phone_number_id?: string | undefined;
} & { [Name in keyof Restrictions]?: Restrictions[Name] | undefined };

export type Limits = {
  /** Counts a message that is about to be accepted. @throws GraphError 130429 or 131056 */
  take(number: string, person: string): void;
  /** Counts a person who gets a message outside of the window; false if the tier allows no more people. */
  takePerson(person: string): boolean;
  /** Counts a management call for a business account. @throws GraphError 80007, or 80008 for its templates */
  takeManagement(businessAccountId: string, isOfTemplates?: boolean): void;
  restrictions(): Readonly<Restrictions>;
  /** Whether Meta's limits apply. */
  areEnabled(): boolean;
  /** The throughput of a number by its name. */
  throughputOf(number: string): Throughput;
  tier(): Tier;
  change(change: LimitsChange): void;
  /** The state as the script routes show it. */
  list(): Record<string, unknown>;
  /** Returns to the limits of the start, with nothing used. */
  reset(): void;
};

/** Returns the limits. `fixed` is a throughput for every number that applies even if they are not enabled. */
export const createLimits = (clock: Clock, isEnabled: boolean, fixed: number | null): Limits => {
  let enabled = isEnabled;
  let { tier, pair, management } = start;
  let restrictions = unrestricted;
  const regain = (business: string) =>
    restrictions.regain_minutes === null ? undefined : { business, minutes: restrictions.regain_minutes };
  const levels = new Map<string, Throughput>();
  const seconds = createCounters(clock, 1_000);
  const hours = createCounters(clock, hour);
  const refilledAt = new Map<string, number>();
  const people = new Map<string, number>();

  const takePair = (key: string) => {
    const now = clock.now();
    const step = pair.seconds * 1_000;
    const full = Math.max(refilledAt.get(key) ?? now, now);
    if (full - now > (pair.burst - 1) * step) {
      throw new GraphError(131056, 'Too many messages from this number to this person in a short time.');
    }
    refilledAt.delete(key);
    refilledAt.set(key, full + step);
    // Insertion order is roughly the order of their ends: forget the first ones that are over.
    for (const [old, end] of refilledAt) {
      if (end > now) break;
      refilledAt.delete(old);
    }
  };
  const forgetPeople = () => {
    for (const [person, at] of people) {
      if (clock.now() - at < day) break;
      people.delete(person);
    }
  };
  const mostOf = (number: string) => fixed ?? throughputs[levels.get(number) ?? 'standard'];

  return {
    take: (number, person) => {
      if ((enabled || fixed !== null) && seconds.add(number) > mostOf(number)) {
        throw new GraphError(130429, 'Cloud API message throughput has been reached.', { regain: regain(number) });
      }
      if (enabled) takePair(`${number}/${person}`);
    },
    takePerson: person => {
      forgetPeople();
      if (!enabled || people.has(person)) return true;
      if (people.size >= tiers[tier]) return false;
      people.set(person, clock.now());
      return true;
    },
    takeManagement: (businessAccountId, isOfTemplates = false) => {
      if (enabled && hours.add(businessAccountId) > management) {
        const code = isOfTemplates ? 80008 : 80007;
        const words = 'There have been too many calls for this WhatsApp Business account.';
        throw new GraphError(code, words, { regain: regain(businessAccountId) });
      }
    },
    throughputOf: number => levels.get(number) ?? 'standard',
    tier: () => tier,
    restrictions: () => restrictions,
    areEnabled: () => enabled,
    change: change => {
      enabled = change.enabled ?? enabled;
      tier = change.tier ?? tier;
      pair = change.pair ?? pair;
      management = change.management ?? management;
      restrictions = {
        marketing_on_messages: change.marketing_on_messages ?? restrictions.marketing_on_messages,
        marketing_signed_up: change.marketing_signed_up ?? restrictions.marketing_signed_up,
        templates: change.templates ?? restrictions.templates,
        regain_minutes: change.regain_minutes === undefined ? restrictions.regain_minutes : change.regain_minutes,
      };
      if (change.throughput !== undefined && change.phone_number_id !== undefined)
        levels.set(change.phone_number_id, change.throughput);
    },
    list: () => {
      forgetPeople();
      return {
        enabled,
        tier,
        people_in_24_hours: people.size,
        pair,
        management,
        throughput: Object.fromEntries(levels),
        ...restrictions,
      };
    },
    reset: () => {
      enabled = isEnabled;
      ({ tier, pair, management } = start);
      restrictions = unrestricted;
      for (const map of [levels, refilledAt, people]) map.clear();
      for (const counters of [seconds, hours]) counters.clear();
    },
  };
};

/** Counts by key in fixed periods. */
const createCounters = (clock: Clock, periodMs: number) => {
  const counts = new Map<string, { period: number; count: number }>();
  return {
    add: (key: string) => {
      const period = Math.floor(clock.now() / periodMs);
      const last = counts.get(key);
      const count = last?.period === period ? last.count + 1 : 1;
      counts.set(key, { period, count });
      return count;
    },
    clear: () => counts.clear(),
  };
};
