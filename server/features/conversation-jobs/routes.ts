// Changing many conversations at once, over HTTP.
import {
  type ConversationJob,
  conversationJobPage,
  conversationJobSchema,
  createConversationJobBody,
  idempotencyHeaders,
  idSchema,
  jobUndoMinutes,
  listConversationJobsQuery,
  mostInJob,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, invalid, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { contactProblem, conversationFilter, findConversationIds, holdLabels } from '../contacts/index.ts';
import { hasTeam } from '../team/index.ts';
import { problem } from './errors.ts';
import * as store from './store.ts';

type Body = z.infer<typeof createConversationJobBody>;

export function jobRoutes(app: Server, { db, clock }: { db: ScopedDatabase; clock: Clock }): void {
  const config = { permission: 'messages.update' } as const;
  const tags = ['Conversation jobs'];
  const params = z.strictObject({ id: idSchema('conversation_job') });

  const undoUntil = ({ state, ended_at: end }: store.JobRow): Date | null => {
    const until = end && new Date(end.getTime() + jobUndoMinutes * 60_000);
    return until && (state === 'done' || state === 'stopped') && until.getTime() > clock.now() ? until : null;
  };
  const present = (row: store.JobRow): ConversationJob => ({
    id: toId('conversation_job', row.id),
    action: row.action,
    until: row.until?.toISOString() ?? null,
    reason: row.reason,
    person_id: row.person_id && toId('person', row.person_id),
    team_id: row.team_id && toId('team', row.team_id),
    label_id: row.label_id && toId('label', row.label_id),
    state: row.state,
    total: row.total,
    done: row.done,
    skipped: row.skipped,
    undone: row.undone,
    created_at: row.created_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    undo_until: undoUntil(row)?.toISOString() ?? null,
  });

  app.post(
    '/api/v1/conversation-jobs',
    {
      config,
      schema: {
        tags,
        operationId: 'createConversationJob',
        summary: 'Change many conversations at once',
        description: `Up to ${store.jobPiece} are done in the request; more by a worker, which goes on after a crash. A close and a snooze leave out conversations whose person wrote meanwhile.`,
        headers: idempotencyHeaders,
        body: createConversationJobBody,
        response: { 201: conversationJobSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { body } = request;
      const until = body.until === undefined ? null : new Date(body.until);
      if (until && until.getTime() <= clock.now()) throw invalid('until', 'Must be in the future.');
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'conversation_jobs.create', key, body, by: caller.id };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        await demandLabel(tx, workspaceId, body.label_id);
        const team = body.team_id && toUuid(body.team_id);
        if (team && !(await hasTeam(tx, workspaceId, team)))
          throw invalid('team_id', 'Must be a team of the workspace.');
        const conversations = await chosen(tx, caller, body, new Date(clock.now()));
        const job = {
          workspace_id: workspaceId,
          by_id: caller.id,
          action: body.action,
          until,
          reason: body.reason ?? null,
          person_id: body.person_id === undefined ? null : toUuid(body.person_id),
          team_id: team ?? null,
          label_id: body.label_id === undefined ? null : toUuid(body.label_id),
        };
        const id = await store.insertJob(tx, job, conversations, clock.sqlNow());
        if ((await known(tx, caller, id)).total === 0) throw contactProblem('conversation_not_found');
        if (conversations.length <= store.jobPiece) await store.runPiece(tx, id, clock.sqlNow(), { waits: true });
        return { status: 201, body: present(await known(tx, caller, id)) };
      });
      return sendKept(reply, answer);
    },
  );

  app.get(
    '/api/v1/conversation-jobs',
    {
      config,
      schema: {
        tags,
        operationId: 'listConversationJobs',
        summary: 'List your jobs of the last 7 days, newest first',
        querystring: listConversationJobsQuery,
        response: { 200: conversationJobPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await store.listJobs(db.within(caller), caller.workspaceId, caller.id, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/conversation-jobs/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getConversationJob',
        summary: 'Show a job of yours',
        params,
        response: { 200: conversationJobSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      return present(await known(db.within(caller), caller, toUuid(request.params.id)));
    },
  );

  app.post(
    '/api/v1/conversation-jobs/:id/stop',
    {
      config,
      schema: {
        tags,
        operationId: 'stopConversationJob',
        summary: 'Stop a job of yours',
        description: 'Its changes stay until you undo them.',
        params,
        response: { 200: conversationJobSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    request => {
      const caller = callerOf(request);
      return db.within(caller).transaction(async tx => {
        const job = await known(tx, caller, toUuid(request.params.id), { locks: true });
        if (job.state !== 'running') throw problem('conversation_job_over');
        await store.setJobState(tx, job.id, 'stopped', clock.sqlNow());
        return present(await known(tx, caller, job.id));
      });
    },
  );

  app.post(
    '/api/v1/conversation-jobs/:id/undo',
    {
      config,
      schema: {
        tags,
        operationId: 'undoConversationJob',
        summary: 'Undo a job of yours',
        description: 'A change that somebody made since stays.',
        params,
        response: { 200: conversationJobSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    request => {
      const caller = callerOf(request);
      return db.within(caller).transaction(async tx => {
        const job = await known(tx, caller, toUuid(request.params.id), { locks: true });
        if (!undoUntil(job)) throw problem('conversation_job_not_undoable');
        await store.setJobState(tx, job.id, 'undoing', clock.sqlNow());
        if (job.done <= store.jobPiece) await store.runPiece(tx, job.id, clock.sqlNow(), { waits: true });
        return present(await known(tx, caller, job.id));
      });
    },
  );

  async function known(tx: Queryable, caller: Caller, id: string, more = {}): Promise<store.JobRow> {
    const job = await store.findJob(tx, caller.workspaceId, caller.id, id, more);
    if (!job) throw problem('conversation_job_not_found');
    return job;
  }
}

/** The label stays until the transaction ends. @throws AppError where there is none for conversations */
async function demandLabel(tx: Queryable, workspaceId: string, label: string | undefined): Promise<void> {
  if (label === undefined) return;
  const kind = (await holdLabels(tx, workspaceId, [toUuid(label)])).get(toUuid(label));
  if (kind === undefined) throw contactProblem('label_not_found');
  if (kind !== 'conversation') throw contactProblem('label_for_others');
}

/** The UUIDs of the conversations. @throws AppError where they are too many */
async function chosen(tx: Queryable, caller: Caller, body: Body, now: Date): Promise<string[]> {
  const { conversation_ids: ids, filter = {} } = body;
  if (ids) return ids.map(id => toUuid(id));
  const found = await findConversationIds(
    tx,
    caller.workspaceId,
    conversationFilter(filter, caller, now),
    mostInJob + 1,
  );
  if (found.length > mostInJob) throw problem('too_many_conversations');
  return found;
}
