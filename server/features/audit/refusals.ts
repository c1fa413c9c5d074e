// Refusals in the audit log: who was told that they may not, and where. One entry a second for a caller and a route,
// with how many it stands for, so that nobody can flood the log.
import type { FastifyRequest } from 'fastify';
import { type Actor, actorOf, audit } from '../../kit/audit.ts';
import type { WalledDatabase } from '../../kit/db/database.ts';
import { callerOf } from '../../kit/http/routes.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';

export interface RefusalNeeds {
  db: WalledDatabase;
  clock: Clock;
  log: Logger;
  /** Whether there is no room to write: what is refused meanwhile is counted, and written later. */
  holdsBack: () => boolean;
}

interface Stretch {
  actor: Actor;
  scope: { workspaceId: string; accounts: readonly string[] | undefined };
  detail: Record<string, unknown>;
  /** Refusals that no entry stands for yet. */
  count: number;
}

const stretchMs = 1_000;

export interface RefusalLog {
  /** Notes that the caller of a request was refused. It never fails, and is no part of what the request does. */
  note(request: FastifyRequest, code: string): Promise<void>;
  /** Writes what is counted and not written. */
  close(): Promise<void>;
}

export function refusalLog({ db, clock, log, holdsBack }: RefusalNeeds): RefusalLog {
  const open = new Map<string, Stretch>();

  async function write(stretch: Stretch): Promise<void> {
    if (stretch.count === 0 || holdsBack()) return;
    const { count } = stretch;
    stretch.count = 0;
    const deed = { action: 'access.refused', detail: { ...stretch.detail, count } };
    try {
      await db.within(stretch.scope).transaction(tx => audit(tx, stretch.actor, deed));
    } catch (error) {
      stretch.count += count;
      log.warn({ err: error }, 'a refusal could not be written into the audit log yet');
    }
  }

  function endLater(key: string, stretch: Stretch): void {
    clock.after(stretchMs, () => {
      if (stretch.count === 0) open.delete(key);
      else void write(stretch).finally(() => endLater(key, stretch));
    });
  }

  return {
    async note(request, code) {
      const caller = callerOf(request);
      const { permission } = request.routeOptions.config;
      const route = `${request.method} ${request.routeOptions.url ?? ''}`;
      const key = `${caller.id} ${caller.workspaceId} ${route} ${code}`;
      const known = open.get(key);
      if (known) {
        known.count++;
        return;
      }
      const { workspaceId, accounts } = caller;
      const detail = { route, permission, code };
      const stretch = { actor: actorOf(request), scope: { workspaceId, accounts }, detail, count: 1 };
      open.set(key, stretch);
      endLater(key, stretch);
      await write(stretch);
    },
    async close() {
      await Promise.all([...open.values()].map(write));
    },
  };
}
