// In-memory rate limits of one process: a token bucket for each subject.

export interface RateLimitOptions {
  /** The burst, which is also how many are allowed in each following `seconds`. */
  most: number;
  seconds: number;
  /** How many subjects are remembered. Beyond that, full buckets are dropped first, then the oldest. */
  subjects?: number;
}

/** The remaining limit of a subject. */
export interface Allowance {
  allowed: boolean;
  /** Whole tokens left. */
  left: number;
  /** Seconds until the bucket is full. */
  fullIn: number;
  /** Seconds until the next token; 0 if there is one. */
  nextIn: number;
}

export interface RateLimit {
  /** Returns the remaining limit without taking a token. */
  look(subject: string): Allowance;
  /** Takes a token if there is one. */
  take(subject: string): Allowance;
  /** The number of remembered subjects. */
  size(): number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Returns a rate limit. `now` returns milliseconds; a clock that goes back takes no tokens away. */
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
    // A map iterates in insertion order. Drop a tenth at once, so that a flood does not scan each time.
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
