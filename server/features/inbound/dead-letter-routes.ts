// Dead letters and raw webhooks over HTTP: list and show both, and retry or discard a dead letter.
import {
  type DeadLetter,
  deadLetterDetailsSchema,
  deadLetterPage,
  deadLetterSchema,
  idSchema,
  listDeadLettersQuery,
  listRawWebhooksQuery,
  problemSchema,
  type RawWebhook,
  type RawWebhookDetails,
  rawWebhookDetailsSchema,
  rawWebhookPage,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import * as store from './dead-letter-store.ts';
import { problem } from './errors.ts';

export interface DeadLetterNeeds {
  db: ScopedDatabase;
  /** The engine's connection: a webhook may be about several workspaces. */
  engineDb: Pick<Database, 'transaction'>;
  clock: Clock;
  /** The apps whose webhooks we process. */
  apps: readonly string[];
  wake: (kind: string, key: string) => void;
}

const letterParams = z.strictObject({ id: idSchema('dead_letter') });
const webhookParams = z.strictObject({ id: idSchema('raw_webhook') });

const accountOf = (id: string | null) => (id === null ? null : toId('account', id));

const presentLetter = (row: store.LetterRow): DeadLetter => ({
  id: toId('dead_letter', row.id),
  account_id: accountOf(row.account_id),
  status: row.retried_at === null ? 'open' : 'retrying',
  error: { code: row.code, title: row.reason },
  item: row.item,
  received_at: row.created_at.toISOString(),
});

const presentWebhook = (row: store.WebhookRow): RawWebhook => ({
  id: toId('raw_webhook', row.id),
  account_id: accountOf(row.account_id),
  app: row.app,
  received_at: row.received_at.toISOString(),
  processed_at: row.processed_at?.toISOString() ?? null,
});

function presentDetails(row: store.WebhookDetailsRow): RawWebhookDetails {
  const text = row.body.toString('utf8');
  const isText = Buffer.from(text).equals(row.body);
  const body = isText ? text : row.body.toString('base64');
  return { ...presentWebhook(row), headers: row.headers, body, encoding: isText ? 'utf-8' : 'base64' };
}

const filterOf = (query: {
  account_id?: string | undefined;
  from?: string | undefined;
  until?: string | undefined;
}) => ({
  accountId: query.account_id && toUuid(query.account_id),
  from: query.from,
  until: query.until,
});

export function deadLetterRoutes(app: Server, needs: DeadLetterNeeds): void {
  letterRoutes(app, needs);
  webhookRoutes(app, needs);
}

const tags = ['Inbound webhooks'];

function letterRoutes(app: Server, { db, engineDb, clock, apps, wake }: DeadLetterNeeds): void {
  app.get(
    '/api/v1/dead-letters',
    {
      config: { permission: 'inbound.manage' },
      schema: {
        tags,
        operationId: 'listDeadLetters',
        summary: 'List what Recado could not apply, newest first',
        querystring: listDeadLettersQuery,
        response: { 200: deadLetterPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const filter = { ...filterOf(request.query), code: request.query.error_code };
      const { rows, total } = await store.listLetters(db.listsWithin(caller), caller.workspaceId, filter, page);
      return toPage(rows, page, total, presentLetter, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/dead-letters/:id',
    {
      config: { permission: 'inbound.manage' },
      schema: {
        tags,
        operationId: 'getDeadLetter',
        summary: 'Show a dead letter with its raw webhook',
        params: letterParams,
        response: { 200: deadLetterDetailsSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const row = await store.findLetter(mine, caller.workspaceId, toUuid(request.params.id));
      if (!row) throw problem('dead_letter_not_found');
      const webhook = await store.findWebhook(mine, caller.workspaceId, { payloadId: row.payload_id });
      return { ...presentLetter(row), webhook: webhook ? presentDetails(webhook) : null };
    },
  );

  app.post(
    '/api/v1/dead-letters/:id/retry',
    {
      config: { permission: 'inbound.manage' },
      schema: {
        tags,
        operationId: 'retryDeadLetter',
        summary: 'Process the webhook of a dead letter again',
        description:
          'Recado processes the whole webhook again. Items that it applied before do not change. If the item can be applied now, the dead letter disappears. Otherwise it is open again, with the new error. A repeat while it is retrying changes nothing.',
        params: letterParams,
        response: { 202: deadLetterSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const id = toUuid(request.params.id);
      // Row-level security decides who may; the engine's connection then reaches the webhook.
      const row = await store.findLetter(mine, caller.workspaceId, id);
      if (!row) throw problem('dead_letter_not_found');
      const now = clock.sqlNow();
      const reopened = await engineDb.transaction(async tx => {
        const result = await store.reopenWebhook(tx, caller.workspaceId, id, apps, now);
        if (result.outcome === 'reopened')
          await audit(tx, actorOf(request), { action: 'dead_letter.retried', target: { kind: 'dead_letter', id } });
        return result;
      });
      switch (reopened.outcome) {
        case 'gone':
          throw problem('dead_letter_not_found');
        case 'emptied':
          throw problem('dead_letter_not_retryable', 'The webhook was emptied by the erasure of a person.');
        case 'erasing':
          throw problem('dead_letter_not_retryable', 'A person is being erased: retry when that is finished.');
        case 'app_unknown':
          throw problem('dead_letter_not_retryable', `No app of this name is configured: ${reopened.app}.`);
        default:
          wake('receive', reopened.laneKey);
          return reply.code(202).send({ ...presentLetter(row), status: 'retrying' as const });
      }
    },
  );

  app.delete(
    '/api/v1/dead-letters/:id',
    {
      config: { permission: 'inbound.manage' },
      schema: {
        tags,
        operationId: 'discardDeadLetter',
        summary: 'Discard a dead letter',
        params: letterParams,
        response: { 204: z.null().meta({ description: 'It is gone.' }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      // Row-level security decides who may; the engine's connection then writes.
      if (!(await store.findLetter(db.within(caller), caller.workspaceId, id))) throw problem('dead_letter_not_found');
      await engineDb.transaction(async tx => {
        if (!(await store.discardLetter(tx, caller.workspaceId, id, clock.sqlNow())))
          throw problem('dead_letter_not_found');
        await audit(tx, actorOf(request), { action: 'dead_letter.discarded', target: { kind: 'dead_letter', id } });
      });
      return reply.code(204).send(null);
    },
  );
}

function webhookRoutes(app: Server, { db }: DeadLetterNeeds): void {
  app.get(
    '/api/v1/raw-webhooks',
    {
      config: { permission: 'inbound.manage' },
      schema: {
        tags,
        operationId: 'listRawWebhooks',
        summary: 'List the webhooks of the last 8 days, newest first',
        description: 'Only processed webhooks that are about your workspace alone.',
        querystring: listRawWebhooksQuery,
        response: { 200: rawWebhookPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const page = pageRequest(request);
      const lists = db.listsWithin(caller);
      const { rows, total } = await store.listWebhooks(lists, caller.workspaceId, filterOf(request.query), page);
      return toPage(rows, page, total, presentWebhook, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/raw-webhooks/:id',
    {
      config: { permission: 'inbound.manage' },
      schema: {
        tags,
        operationId: 'getRawWebhook',
        summary: 'Show a raw webhook',
        params: webhookParams,
        response: { 200: rawWebhookDetailsSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      const row = await store.findWebhook(db.within(caller), caller.workspaceId, { id });
      if (!row) throw problem('raw_webhook_not_found');
      return presentDetails(row);
    },
  );
}
