// Teams over HTTP.
import {
  createTeamBody,
  idempotencyHeaders,
  idSchema,
  mostTeams,
  problemSchema,
  type Team,
  teamList,
  teamSchema,
  type UpdateTeam,
  updateTeamBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, demandEveryAccount, invalid, type Server, sendKept } from '../../kit/http/routes.ts';
import { newUuid, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { rejectUnknownZone } from '../accounts/index.ts';
import { problem } from './errors.ts';
import type { GiveOut } from './needs.ts';
import { membersOf, newSettings, presentTeam, settingsOf } from './team.ts';
import * as store from './team-store.ts';

const tags = ['Teams'];
const params = z.strictObject({ id: idSchema('team') });
const manage = { permission: 'teams.manage' } as const;

interface Needs {
  db: ScopedDatabase;
  clock: Clock;
  giveOut: GiveOut;
}

/** The routes of teams. */
export function teamRoutes(app: Server, needs: Needs): void {
  readRoutes(app, needs);
  createRoute(app, needs);
  changeRoutes(app, needs);
}

async function demandTeam(db: Queryable, workspaceId: string, id: string, now: Date | null): Promise<store.TeamRow> {
  const row = await store.findTeam(db, workspaceId, id, now);
  if (!row) throw problem('team_not_found');
  return row;
}

/** Lets a team have the name, unless another one has it. Returns how many teams there are. @throws AppError */
async function demandFree(tx: Queryable, workspaceId: string, name: string, except: string | null): Promise<number> {
  const { total, taken } = await store.countTeams(tx, workspaceId, name, except);
  if (taken) throw problem('team_taken');
  return total;
}

/** @throws AppError if the database does not know the time zone of the hours */
const checkHours = (tx: Queryable, { hours }: UpdateTeam) => rejectUnknownZone(tx, hours?.time_zone, 'hours.time_zone');

/** Keeps the members and the accounts that a request names. @throws AppError */
async function keepParts(tx: Queryable, workspaceId: string, id: string, body: UpdateTeam): Promise<void> {
  if (body.members !== undefined) {
    const members = membersOf(body.members);
    const people = members.map(({ person }) => person);
    const able = await store.ableAmong(tx, workspaceId, people);
    if (people.some(person => !able.has(person)))
      throw invalid('members', 'Must be people of the workspace who may answer.');
    await store.setMembers(tx, workspaceId, id, members);
  }
  if (body.account_ids !== undefined) {
    const accounts = body.account_ids.map(toUuid);
    const known = await store.accountsAmong(tx, workspaceId, accounts);
    if (accounts.some(account => !known.has(account)))
      throw invalid('account_ids', 'Must be accounts of the workspace.');
    await store.setAccounts(tx, workspaceId, id, accounts);
  }
}

function readRoutes(app: Server, { db, clock }: Needs): void {
  const config = { permission: 'contacts.read' } as const;
  app.get(
    '/api/v1/teams',
    {
      config,
      schema: {
        tags,
        operationId: 'listTeams',
        summary: 'List the teams, by name',
        description: 'With their members, who of them is online, and how much each has.',
        response: { 200: teamList },
      },
    },
    async request => {
      const caller = callerOf(request);
      const rows = await store.listTeams(db.listsWithin(caller), caller.workspaceId, clock.sqlNow());
      return { data: rows.map(presentTeam) };
    },
  );

  app.get(
    '/api/v1/teams/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getTeam',
        summary: 'Show a team',
        params,
        response: { 200: teamSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      return presentTeam(await demandTeam(db.within(caller), caller.workspaceId, id, clock.sqlNow()));
    },
  );
}

function createRoute(app: Server, { db, clock, giveOut }: Needs): void {
  app.post(
    '/api/v1/teams',
    {
      config: manage,
      schema: {
        tags,
        operationId: 'createTeam',
        summary: 'Create a team',
        description: `A workspace has at most ${mostTeams}.`,
        headers: idempotencyHeaders,
        body: createTeamBody,
        response: { 201: teamSchema, 400: problemSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { body } = request;
      const keyed = { workspaceId, operation: 'teams.create', key: request.headers['idempotency-key'], body };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        await checkHours(tx, body);
        await store.oneAtATime(tx, workspaceId);
        if ((await demandFree(tx, workspaceId, body.name, null)) >= mostTeams) throw problem('too_many_teams');
        const id = newUuid();
        await store.insertTeam(tx, workspaceId, id, newSettings(body), new Date(clock.now()));
        await keepParts(tx, workspaceId, id, body);
        const detail = { name: body.name };
        await audit(tx, actorOf(request), { action: 'team.created', target: { kind: 'team', id }, detail });
        return { status: 201, body: presentTeam(await demandTeam(tx, workspaceId, id, clock.sqlNow())) };
      });
      giveOut(workspaceId);
      return sendKept(reply, answer);
    },
  );
}

function changeRoutes(app: Server, { db, clock, giveOut }: Needs): void {
  app.patch(
    '/api/v1/teams/:id',
    {
      config: manage,
      schema: {
        tags,
        operationId: 'updateTeam',
        summary: 'Change a team: its settings, members and accounts',
        description: 'Conversations that it has assigned stay assigned, and running deadlines stay.',
        params,
        body: updateTeamBody,
        response: { 200: teamSchema, 400: problemSchema, 403: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request): Promise<Team> => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { body } = request;
      const row = await db.within(caller).transaction(async tx => {
        await checkHours(tx, body);
        await store.oneAtATime(tx, workspaceId);
        const before = await demandTeam(tx, workspaceId, id, clock.sqlNow());
        const settings = settingsOf(before, body);
        await demandFree(tx, workspaceId, settings.name, id);
        await store.updateTeam(tx, id, settings, new Date(clock.now()));
        await keepParts(tx, workspaceId, id, body);
        const detail = { fields: Object.keys(body) };
        await audit(tx, actorOf(request), { action: 'team.updated', target: { kind: 'team', id }, detail });
        return demandTeam(tx, workspaceId, id, clock.sqlNow());
      });
      giveOut(workspaceId);
      return presentTeam(row);
    },
  );

  app.delete(
    '/api/v1/teams/:id',
    {
      config: manage,
      schema: {
        tags,
        operationId: 'deleteTeam',
        summary: 'Delete a team',
        description:
          'Its open and snoozed conversations are of no team any more; who has one keeps it. Threads still name it.',
        params,
        response: { 204: z.null(), 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        await store.oneAtATime(tx, workspaceId);
        const { name } = await demandTeam(tx, workspaceId, id, clock.sqlNow());
        await store.deleteTeam(tx, workspaceId, id, caller.id, new Date(clock.now()));
        await audit(tx, actorOf(request), { action: 'team.deleted', target: { kind: 'team', id }, detail: { name } });
      });
      return reply.code(204).send(null);
    },
  );
}
