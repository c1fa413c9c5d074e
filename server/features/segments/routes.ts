// Segments over HTTP.
import {
  countSegmentBody,
  createSegmentBody,
  idempotencyHeaders,
  idSchema,
  listSegmentsQuery,
  mostMembers,
  mostSegments,
  problemSchema,
  revisionHeaders,
  type Segment,
  type SegmentFilter,
  segmentCountSchema,
  segmentList,
  segmentSchema,
  updateSegmentBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, demandEveryAccount, invalid, type Server, sendKept } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { checkFilter, compileFilter, compileSegment } from './compile-store.ts';
import { countCompiled, countToSave } from './count.ts';
import { problem } from './errors.ts';
import type { Realm } from './facts-store.ts';
import { readKnown } from './known-store.ts';
import { addMembers } from './member-store.ts';
import { findPlan } from './plan-store.ts';
import { presentSegment } from './segment.ts';
import * as store from './store.ts';

export interface SegmentNeeds {
  db: ScopedDatabase;
  clock: Clock;
}

const params = z.strictObject({ id: idSchema('segment') });
const everybody: SegmentFilter = { match: { all: [] } };

/** Within which workspace, accounts and time a caller asks. */
export const realmOf = ({ workspaceId, accounts, seesNumbers }: Caller, clock: Clock): Realm => ({
  workspaceId,
  accounts,
  wholeNumbers: !seesNumbers,
  now: new Date(clock.now()),
});

/** @throws AppError where there is no such segment */
async function found(db: Queryable, workspaceId: string, id: string): Promise<store.SegmentRow> {
  const row = await store.findSegment(db, workspaceId, id);
  if (!row) throw problem('segment_not_found');
  return row;
}

const shown = async (db: Queryable, workspaceId: string, id: string): Promise<Segment> =>
  presentSegment(await found(db, workspaceId, id), await readKnown(db, workspaceId));

export function segmentRoutes(app: Server, { db, clock }: SegmentNeeds): void {
  const tags = ['Segments'];

  app.get(
    '/api/v1/segments',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags,
        operationId: 'listSegments',
        summary: 'List the segments and static lists, by name',
        querystring: listSegmentsQuery,
        response: { 200: segmentList, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const lists = db.listsWithin(caller);
      const known = await readKnown(lists, caller.workspaceId);
      const rows = await store.listSegments(lists, caller.workspaceId, request.query.kind);
      return { data: rows.map(row => presentSegment(row, known)) };
    },
  );

  app.get(
    '/api/v1/segments/:id',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags,
        operationId: 'getSegment',
        summary: 'Show a segment',
        params,
        response: { 200: segmentSchema, 404: problemSchema },
      },
    },
    request => {
      const caller = callerOf(request);
      return shown(db.within(caller), caller.workspaceId, toUuid(request.params.id));
    },
  );

  app.post(
    '/api/v1/segments/count',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags,
        operationId: 'countSegment',
        summary: 'Count who belongs to a filter or a segment',
        description:
          'Exact up to 10,000, with the countries, the people whom a campaign could reach, and six of them. If you are limited to some accounts, only their conversations count.',
        body: countSegmentBody,
        response: { 200: segmentCountSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const lists = db.listsWithin(caller);
      const realm = realmOf(caller, clock);
      const { filter, segment_id } = request.body;
      const compiled =
        segment_id === undefined
          ? await compileFilter(lists, realm, filter ?? everybody)
          : await compileSegment(lists, realm, toUuid(segment_id));
      return countCompiled(lists, realm, compiled);
    },
  );

  app.post(
    '/api/v1/segments',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags,
        operationId: 'createSegment',
        summary: 'Create a segment or a static list',
        description: `A workspace has at most ${mostSegments} of both. A list with a filter begins with the people who fit now.`,
        headers: idempotencyHeaders,
        body: createSegmentBody,
        response: { 201: segmentSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { name, kind } = request.body;
      const filter = request.body.filter ?? (kind === 'filter' ? everybody : undefined);
      const lists = db.listsWithin(caller);
      const realm = realmOf(caller, clock);
      const compiled = filter && (await compileFilter(lists, realm, filter));
      const savedCount = compiled && kind === 'filter' ? await countToSave(lists, realm, compiled) : null;
      const people =
        compiled && kind === 'list' ? await findPlan(lists, workspaceId, compiled.whole, mostMembers + 1) : [];
      if (people.length > mostMembers) throw problem('too_many_members');
      const keyed = {
        workspaceId,
        operation: 'segments.create',
        key: request.headers['idempotency-key'],
        body: request.body,
      };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        await store.oneAtATime(tx, workspaceId);
        if (await store.hasName(tx, workspaceId, name)) throw problem('segment_taken');
        if ((await store.countSegments(tx, workspaceId)) >= mostSegments) throw problem('too_many_segments');
        if (filter) await checkFilter(tx, workspaceId, filter, { known: await readKnown(tx, workspaceId) });
        const kept = kind === 'filter' ? (filter ?? null) : null;
        const id = await store.insertSegment(tx, workspaceId, { name, kind, filter: kept, savedCount });
        if (people.length > 0) await addMembers(tx, workspaceId, id, people);
        const target = { kind: 'segment', id };
        await audit(tx, actorOf(request), { action: 'segment.created', target, detail: { name, kind } });
        return { status: 201, body: await shown(tx, workspaceId, id) };
      });
      return sendKept(reply, answer);
    },
  );

  app.patch(
    '/api/v1/segments/:id',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags,
        operationId: 'updateSegment',
        summary: 'Change the name or the filter of a segment',
        params,
        headers: revisionHeaders,
        body: updateSegmentBody,
        response: {
          200: segmentSchema,
          400: problemSchema,
          404: problemSchema,
          409: problemSchema,
          412: problemSchema,
        },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { name, filter } = request.body;
      const lists = db.listsWithin(caller);
      const realm = realmOf(caller, clock);
      const compiled = filter && (await compileFilter(lists, realm, filter, id));
      const saved = compiled && filter && { filter, count: await countToSave(lists, realm, compiled) };
      return db.within(caller).transaction(async tx => {
        await store.oneAtATime(tx, workspaceId);
        const row = await found(tx, workspaceId, id);
        const given = request.headers['if-match'];
        if (given !== undefined && given !== `"${row.revision}"`) throw problem('segment_changed');
        if (name !== undefined && (await store.hasName(tx, workspaceId, name, id))) throw problem('segment_taken');
        if (filter) await checkChange(tx, workspaceId, row, filter);
        await store.changeSegment(tx, workspaceId, id, { name, saved });
        const detail = { fields: Object.keys(request.body) };
        await audit(tx, actorOf(request), { action: 'segment.updated', target: { kind: 'segment', id }, detail });
        return shown(tx, workspaceId, id);
      });
    },
  );

  app.delete(
    '/api/v1/segments/:id',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags,
        operationId: 'deleteSegment',
        summary: 'Delete a segment or a list: its people stay',
        params,
        response: { 204: z.null().meta({ description: 'Deleted.' }), 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        await store.oneAtATime(tx, workspaceId);
        const { name } = await found(tx, workspaceId, id);
        const user = await store.whoLeavesOut(tx, workspaceId, id);
        if (user !== undefined) throw problem('segment_left_out', `${user} leaves it out. Change that segment first.`);
        await store.deleteSegment(tx, workspaceId, id);
        await audit(tx, actorOf(request), {
          action: 'segment.deleted',
          target: { kind: 'segment', id },
          detail: { name },
        });
      });
      return reply.code(204).send(null);
    },
  );
}

/** @throws AppError where the segment takes no such filter */
async function checkChange(
  tx: Queryable,
  workspaceId: string,
  row: store.SegmentRow,
  filter: SegmentFilter,
): Promise<void> {
  if (row.kind === 'list') throw invalid('filter', 'A list has no filter. Create a segment with it.');
  await checkFilter(tx, workspaceId, filter, { known: await readKnown(tx, workspaceId), own: row.id });
  const user = (filter.leave_out ?? []).length > 0 ? await store.whoLeavesOut(tx, workspaceId, row.id) : undefined;
  if (user !== undefined)
    throw invalid('filter.leave_out', `${user} leaves this segment out, so it can leave out none itself.`);
}
