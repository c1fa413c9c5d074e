// Opens outgoing webhooks: the client that posts, and the lanes that queue and deliver events.
import { rolePermissions } from '@recado/contract';
import type { LaneKind } from '../engine/lane.ts';
import { keyRights } from '../features/keys/index.ts';
import { holdMember } from '../features/people/index.ts';
import { accessCheck, deliverLane, fanOutLane, logKey, type Rights } from '../features/webhooks/index.ts';
import type { Encrypter } from '../kit/crypto/encryption.ts';
import { type GuardedPoster, guardedPoster } from '../kit/net/guarded-post.ts';
import type { AppContext } from './context.ts';

export interface WebhookParts {
  poster: GuardedPoster;
  kinds: LaneKind[];
  /** Disables endpoints whose creators may no longer see their events: a key may have expired. */
  checkAccess: () => Promise<void>;
}

/** Opens the lanes of webhooks. With the worker role, new events wake the fan-out. */
export function openWebhooks(
  context: AppContext,
  encrypter: Encrypter,
  runner: string,
  wake: (kind: string, key: string) => void,
): WebhookParts {
  const { config, overrides, engineDb: db, clock, log, metrics, tail, closers } = context;
  const poster = guardedPoster({
    clock,
    allowedHosts: () => config.webhookHosts,
    ...(overrides.lookUp && { resolve: overrides.lookUp }),
  });
  closers.push(poster.close);
  if (config.roles.includes('worker')) {
    const end = tail.watch(() => wake('fan_out', logKey));
    closers.push(async () => end());
  }
  const random = overrides.random ?? Math.random;
  const checkAccess = accessCheck({ db, clock, log, rightsOf: rightsOf(context) });
  const kinds = [
    fanOutLane({ db, clock, wake, checkAccess }),
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
  return { poster, kinds, checkAccess };
}

/** Returns the function that finds what a person or a key may see. */
const rightsOf =
  ({ engineDb: db, clock }: AppContext) =>
  async (kind: 'person' | 'api_key', id: string, workspaceId: string): Promise<Rights | undefined> => {
    if (kind === 'api_key') {
      const key = await keyRights(db, workspaceId, id, new Date(clock.now()));
      return key && { permissions: new Set(key.scopes), accounts: key.accounts ?? undefined };
    }
    const member = await holdMember(db, workspaceId, id);
    return member && { permissions: rolePermissions[member.role], accounts: member.accounts ?? undefined };
  };
