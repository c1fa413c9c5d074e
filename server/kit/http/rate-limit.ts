// Rate limits in the memory of one process: a bucket of tokens for each subject, which fills again as time passes.

export interface RateLimitOptions {
  /** How many at once, and how many in each stretch of `seconds` after that. */
  most: number;
  seconds: number;
  /** How many subjects are kept in mind. Past it those go first that have all their tokens, and then the oldest. */
  subjects?: number;
}

/** What is left for a subject. */
export interface Allowance {
  allowed: boolean;
  /** Whole tokens that are left. */
  left: number;
  /** Whole seconds until all tokens are there again. */
  fullIn: number;
  /** Whole seconds until there is one token; 0 where there is one. */
  nextIn: number;
}

export interface RateLimit {
  /** What is left, without taking any. */
  look(subject: string): Allowance;
  /** Takes a token where there is one. */
  take(subject: string): Allowance;
  /** How many subjects are kept in mind. */
  size(): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Makes a rate limit. `now` tells milliseconds; a clock that goes back takes no tokens away. */
export function rateLimit({ most, seconds, subjects = 10_000 }: RateLimitOptions, now: () => number): RateLimit {
  const perMs = most / (seconds * 1_000);
  const buckets = new Map<string, Bucket>();

  function filled(subject: string, at: number): Bucket {
    const bucket = buckets.get(subject);
    if (!bucket) return { tokens: most, at };
    const passed = Math.max(0, at - bucket.at);
    return { tokens: Math.min(most, bucket.tokens + passed * perMs), at };
  }

  function makeRoom(at: number): void {
    for (const [subject] of buckets) if (filled(subject, at).tokens >= most) buckets.delete(subject);
    // A map gives its keys in the order in which they came. A tenth at once, so that a flood does not look at all each time.
    for (const subject of buckets.keys()) {
      if (buckets.size <= subjects * 0.9) return;
      buckets.delete(subject);
    }
  }

  function allowance(allowed: boolean, { tokens }: Bucket): Allowance {
    return {
      allowed,
      left: Math.floor(tokens),
      fullIn: Math.ceil((most - tokens) / perMs / 1_000),
      nextIn: tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / perMs / 1_000)),
    };
  }

  return {
    look(subject) {
      const bucket = filled(subject, now());
      return allowance(bucket.tokens >= 1, bucket);
    },
    take(subject) {
      const bucket = filled(subject, now());
      if (bucket.tokens < 1) return allowance(false, bucket);
      bucket.tokens--;
      if (!buckets.has(subject) && buckets.size >= subjects) makeRoom(bucket.at);
      buckets.set(subject, bucket);
      return allowance(true, bucket);
    },
    size: () => buckets.size,
  };
}
