// Opens outgoing webhooks: the client that posts, and the lanes that queue and deliver events.
import type { LaneKind } from '../engine/lane.ts';
import { deliverLane, fanOutLane, logKey } from '../features/webhooks/index.ts';
import type { Encrypter } from '../kit/crypto/encryption.ts';
import { type GuardedPoster, guardedPoster } from '../kit/net/guarded-post.ts';
import type { AppContext } from './context.ts';

export interface WebhookParts {
  poster: GuardedPoster;
  kinds: LaneKind[];
}

/** Opens the lanes of webhooks. With the worker role, new events wake the fan-out. */
export function openWebhooks(
  context: AppContext,
  encrypter: Encrypter,
  runner: string,
  wake: (kind: string, key: string) => void,
): WebhookParts {
  const { config, overrides, engineDb: db, clock, log, metrics, tail, closers } = context;
  const poster = guardedPoster({ clock, allowedHosts: () => config.webhookHosts });
  closers.push(poster.close);
  if (config.roles.includes('worker')) {
    const end = tail.watch(() => wake('fan_out', logKey));
    closers.push(async () => end());
  }
  const random = overrides.random ?? Math.random;
  const kinds = [
    fanOutLane({ db, clock, wake }),
    deliverLane({
      db,
      clock,
      log,
      metrics,
      wake: endpointId => wake('deliver', endpointId),
      poster,
      encrypter,
      runner,
      random,
    }),
  ];
  return { poster, kinds };
}
