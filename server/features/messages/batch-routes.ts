// Batches over HTTP: up to 1,000 messages in one request, and how far they are.
import {
  type Batch,
  batchAcceptedSchema,
  batchBody,
  batchPage,
  batchSchema,
  idempotencyHeaders,
  idSchema,
  listBatchesQuery,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import { callerOf, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { acceptBatchOf } from './accept-batch.ts';
import { type BatchRow, findBatch, listBatches } from './batch-store.ts';
import { problem } from './errors.ts';
import type { MessageNeeds } from './show-message.ts';

const present = (row: BatchRow): Batch => ({
  id: toId('batch', row.id),
  total: row.total,
  accepted: row.accepted,
  rejected: row.total - row.accepted,
  created_at: row.created_at.toISOString(),
  by_status: row.by_status,
  done: !row.waits,
});

const largestBatch = 8 * 1024 * 1024;

export function batchRoutes(app: Server, needs: MessageNeeds): void {
  const { db } = needs;
  const tags = ['Messages'];

  app.post(
    '/api/v1/messages/batch',
    {
      config: { permission: 'messages.create', sends: true },
      bodyLimit: largestBatch,
      schema: {
        tags,
        operationId: 'sendMessages',
        summary: 'Send up to 1,000 messages, each accepted or rejected by itself',
        headers: idempotencyHeaders,
        body: batchBody,
        response: { 202: batchAcceptedSchema, 400: problemSchema, 409: problemSchema, 422: problemSchema },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const answer = await acceptBatchOf(
        db.within(callerOf(request)),
        needs.accepting,
        callerOf(request),
        request.body.messages,
        key,
      );
      return sendKept(reply, answer);
    },
  );

  app.get(
    '/api/v1/batches',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'listBatches',
        summary: 'List batches with their progress, newest first',
        description: 'A caller limited to some accounts sees of each batch what `GET /api/v1/batches/:id` shows.',
        querystring: listBatchesQuery,
        response: { 200: batchPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await listBatches(db.listsWithin(caller), caller, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/batches/:id',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'getBatch',
        summary: 'Show the progress of a batch',
        description:
          'A caller limited to some accounts sees only their messages of other callers’ batches: `total`, `accepted` and `by_status` count these. Without any, the batch is not found. `done` is about the whole batch.',
        params: z.strictObject({ id: idSchema('batch') }),
        response: { 200: batchSchema, 404: problemSchema },
      },
    },
    async (request): Promise<Batch> => {
      const caller = callerOf(request);
      const row = await findBatch(db.within(caller), caller, toUuid(request.params.id));
      if (!row) throw problem('batch_not_found');
      return present(row);
    },
  );
}
