// The client of a feature that posts to addresses which people give. Each feature has its own, so that none waits for others.
import { type GuardedPoster, guardedPoster } from '../../kit/net/guarded-post.ts';
import type { Process } from '../feature.ts';

/** Opens a client, which ends with the process. */
export function openPoster({ context: { config, overrides, clock, closers } }: Process): GuardedPoster {
  const poster = guardedPoster({
    clock,
    allowedHosts: () => config.webhookHosts,
    ...(overrides.lookUp && { resolve: overrides.lookUp }),
  });
  closers.push(poster.close);
  return poster;
}
