// Availability over HTTP.
import {
  type Availability,
  availabilityList,
  availabilitySchema,
  problemSchema,
  setAvailabilityBody,
} from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';
import { listAvailability, setAvailability } from './availability-store.ts';
import type { GiveOut } from './needs.ts';
import { presentAvailability } from './team.ts';

const longestMs = 366 * 86_400_000;

interface Needs {
  db: ScopedDatabase;
  clock: Clock;
  giveOut: GiveOut;
}

export function availabilityRoutes(app: Server, { db, clock, giveOut }: Needs): void {
  app.get(
    '/api/v1/availability',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags: ['Teams'],
        operationId: 'listAvailability',
        summary: 'List who is online, away and offline, by name',
        response: { 200: availabilityList },
      },
    },
    async request => {
      const caller = callerOf(request);
      const rows = await listAvailability(db.within(caller), caller.workspaceId);
      return { data: rows.map(presentAvailability) };
    },
  );

  app.put(
    '/api/v1/me/availability',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags: ['Me'],
        operationId: 'setMyAvailability',
        summary: 'Choose whether you are online, away or offline',
        description:
          'Only you choose it. It is of this workspace. With follows_hours you are online as the hours of your teams begin, and offline as they end.',
        body: setAvailabilityBody,
        response: { 200: availabilitySchema, 400: problemSchema },
      },
    },
    async (request): Promise<Availability> => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const until = request.body.until == null ? null : new Date(request.body.until);
      const now = clock.now();
      if (until && until.getTime() <= now) throw invalid('until', 'Must be in the future.');
      if (until && until.getTime() > now + longestMs) throw invalid('until', 'Must be at most a year from now.');
      const { status, follows_hours: followsHours } = request.body;
      const [row] = await db.within(caller).transaction(async tx => {
        await setAvailability(tx, workspaceId, caller.id, { status, until, followsHours }, clock.sqlNow());
        const target = { kind: 'person', id: caller.id };
        if (followsHours !== undefined)
          await audit(tx, actorOf(request), {
            action: 'availability.updated',
            target,
            detail: { follows_hours: followsHours },
          });
        return listAvailability(tx, workspaceId, caller.id);
      });
      if (!row) throw new Error('A caller is no member of the workspace.');
      giveOut(workspaceId);
      return presentAvailability(row);
    },
  );
}
