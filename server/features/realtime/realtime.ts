// Real time in this process: one hub for streams and sockets, fed by the tail of the event log.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { semaphore } from '../../kit/async/semaphore.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import type { Caller, Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { Clock } from '../../kit/time.ts';
import {
  eventsAbout,
  eventsById,
  eventsOf,
  newestOf,
  positionOf,
  presentEvents,
  type Tail,
  typesFor,
} from '../events/index.ts';
import { accountsOf, type Proof } from './client.ts';
import { openHub } from './hub.ts';
import { openPresence, type PresenceService } from './presence-socket.ts';
import { type AdapterFactory, openSockets } from './socket.ts';
import { streamRoute } from './stream.ts';

export interface RealtimeNeeds {
  db: ScopedDatabase;
  /** Reads what all clients of a workspace get, and positions, which the wall may hide. */
  engineDb: Database;
  tail: Tail;
  /** Identifies and counts the caller of a handshake. @throws AppError */
  admit: (request: FastifyRequest, reply: FastifyReply, token: string | undefined) => Promise<Caller>;
  /** How to look up the caller of a request again. */
  proofOf: (request: FastifyRequest) => Proof;
  again: (proof: Proof) => Promise<Caller | undefined>;
  nameOf: (personId: string) => Promise<string | undefined>;
  /** Carries presence between processes. */
  adapter: AdapterFactory;
  /** How many connections a caller may have in this process; 0 is unlimited. */
  limit: number;
  clock: Clock;
  random: () => number;
  metrics: Metrics;
  log: Logger;
}

/** How many clients read the log at once: reconnections of many must leave connections to requests. */
const readersAtOnce = 4;

/** Adds the routes, and returns how to end all connections. */
export function openRealtime(app: Server, needs: RealtimeNeeds): { close(): Promise<void> } {
  const { db, engineDb, metrics } = needs;
  const hub = openHub({
    ...needs,
    find: (workspaceId, id) => positionOf(engineDb, workspaceId, toUuid(id)),
    newest: workspaceId => newestOf(engineDb, workspaceId),
    read({ audience }, after, limit) {
      const { caller } = audience.access;
      const { subject } = audience.filter;
      const filter = {
        workspaceId: caller.workspaceId,
        types: typesFor(caller.permissions, audience.filter.types),
        accounts: accountsOf(audience),
      };
      const mine = db.within(caller);
      return subject ? eventsAbout(mine, { ...filter, subject }, after, limit) : eventsOf(mine, filter, after, limit);
    },
    present: (workspaceId, rows) => presentEvents(db.within({ workspaceId, accounts: undefined }), rows),
    async readable(caller, rows) {
      const ids = rows.map(({ id }) => id);
      const read = await eventsById(db.within(caller), caller.workspaceId, ids);
      return new Set(read.map(({ id }) => id));
    },
    inTurn: semaphore(readersAtOnce),
    counted: (transport, change) => metrics.realtimeClients.inc({ transport }, change),
    noteBehind: seconds => metrics.realtimeBehind.set(seconds),
    noteCut: code => metrics.realtimeCut.inc({ code }),
  });
  streamRoute(app, { ...needs, hub });
  let presence: PresenceService | undefined;
  const sockets = openSockets(app, {
    ...needs,
    hub,
    onSocket: (socket, client, auth) => presence?.onSocket(socket, client, auth),
  });
  presence = openPresence(sockets.io, needs);
  return {
    async close() {
      hub.close();
      presence?.close();
      await sockets.close();
    },
  };
}
