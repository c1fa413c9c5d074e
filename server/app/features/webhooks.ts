import { rolePermissions } from '@recado/contract';
import { knownAccounts } from '../../features/accounts/index.ts';
import { keyRights } from '../../features/keys/index.ts';
import { holdMember } from '../../features/people/index.ts';
import {
  accessCheck,
  deleteExpiredDeliveries,
  deliverLane,
  endpointRoutes,
  fanOutLane,
  keptBodies,
  logKey,
  type Rights,
  webhookErrors,
} from '../../features/webhooks/index.ts';
import type { AppContext } from '../context.ts';
import { every, type Feature, hour, minute, type Process, part } from '../feature.ts';
import { openPoster } from './poster.ts';

export const webhooks: Feature = {
  errors: { section: 'Endpoints', table: webhookErrors },
  routes(server, { process }) {
    const { context, channels, wake } = process;
    const { db, clock } = context;
    const poster = posterOf(process);
    endpointRoutes(server, { db, clock, encrypter: channels.encrypter, poster, knownAccounts, wake });
  },
  lanes(process) {
    const { context, channels, wake } = process;
    const { config, overrides, engineDb: db, clock, log, metrics, tail, closers, runner } = context;
    if (config.roles.includes('worker')) {
      const end = tail.watch(() => wake('fan_out', logKey));
      closers.push(async () => end());
    }
    const bodies = keptBodies(clock);
    return [
      fanOutLane({ db, clock, wake, bodies, checkAccess: accessCheckOf(process) }),
      deliverLane({
        db,
        clock,
        log,
        metrics,
        wake: endpointId => wake('deliver', endpointId),
        poster: posterOf(process),
        encrypter: channels.encrypter,
        bodies,
        runner,
        random: overrides.random ?? Math.random,
      }),
    ];
  },
  sweeps: process => [
    every(hour, process, () =>
      deleteExpiredDeliveries(process.context.engineDb, new Date(process.context.clock.now())),
    ),
    every(minute, process, accessCheckOf(process)),
  ],
};

/** The client that posts to endpoints. */
const posterOf = part(openPoster);

/** Disables endpoints whose creators may not see their events any more: a key may have expired. */
const accessCheckOf = part(({ context }: Process) => {
  const { engineDb: db, clock, log } = context;
  return accessCheck({ db, clock, log, rightsOf: rightsOf(context) });
});

/** Returns the function that finds the rights of a person or a key. */
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
