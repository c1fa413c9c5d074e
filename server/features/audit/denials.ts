// Denied requests in the audit log: which caller, and which route. At most one entry a second for each caller and
// route, with a count, so that nobody can flood the log.
import type { FastifyRequest } from 'fastify';
import { type Actor, actorOf, audit } from '../../kit/audit.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf } from '../../kit/http/routes.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';

export interface RefusalNeeds {
  db: ScopedDatabase;
  clock: Clock;
  log: Logger;
  /** Whether the disk is full: denials are then counted, and written later. */
  holdsBack: () => boolean;
}

interface Stretch {
  actor: Actor;
  scope: { workspaceId: string; accounts: readonly string[] | undefined };
  detail: Record<string, unknown>;
  /** Denials that no entry counts yet. */
  count: number;
}

const stretchMs = 1_000;

export interface RefusalLog {
  /** Records that a request was denied. It never fails, and is not part of the request's transaction. */
  note(request: FastifyRequest, code: string): Promise<void>;
  /** Writes the remaining counts. */
  close(): Promise<void>;
}

export function denialLog({ db, clock, log, holdsBack }: RefusalNeeds): RefusalLog {
  const open = new Map<string, Stretch>();

  async function write(stretch: Stretch): Promise<void> {
    if (stretch.count === 0 || holdsBack()) return;
    const { count } = stretch;
    stretch.count = 0;
    const auditedAction = { action: 'access.rejected', detail: { ...stretch.detail, count } };
    try {
      await db.within(stretch.scope).transaction(tx => audit(tx, stretch.actor, auditedAction));
    } catch (error) {
      stretch.count += count;
      log.warn({ err: error }, 'a denied request could not be written to the audit log yet');
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
