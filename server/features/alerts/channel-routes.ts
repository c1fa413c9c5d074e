// Channels of alerts over HTTP.
import {
  alertChannelList,
  alertChannelSchema,
  alertDeliveryPage,
  alertDeliverySchema,
  createAlertChannelBody,
  idempotencyHeaders,
  idSchema,
  listAlertDeliveriesQuery,
  newAlertChannelSchema,
  problemSchema,
  updateAlertChannelBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import {
  callerOf,
  demandEveryAccount,
  invalid,
  pageRequest,
  type Server,
  sendKept,
  toPage,
} from '../../kit/http/routes.ts';
import { newUuid, toUuid } from '../../kit/ids.ts';
import { knownAccounts } from '../accounts/index.ts';
import { newSecret } from '../webhooks/index.ts';
import {
  accountOf,
  changedSettings,
  demandNoHook,
  demandSettings,
  openSettings,
  presentChannel,
  sealSettings,
  targetOf,
} from './channel.ts';
import * as store from './channel-store.ts';
import { presentDelivery } from './delivery.ts';
import * as deliveries from './delivery-store.ts';
import { problem } from './errors.ts';
import type { AlertNeeds } from './needs.ts';

const tags = ['Alert channels'];
const params = z.strictObject({ id: idSchema('alert_channel') });
const mostChannels = 20;

/** @throws AppError where an account does not exist */
async function demandAccount(tx: Queryable, workspaceId: string, id: string | undefined): Promise<void> {
  if (id !== undefined && (await knownAccounts(tx, workspaceId, [id])).length === 0)
    throw invalid('account_id', 'Account not found.');
}

/** The routes of channels and their deliveries. */
export function alertChannelRoutes(app: Server, needs: AlertNeeds): void {
  const { db, clock, encrypter, poster, hasMail, wake, publicUrl } = needs;
  app.get(
    '/api/v1/alert-channels',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'listAlertChannels',
        summary: 'List the channels that alerts go to',
        response: { 200: alertChannelList },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const rows = await store.listChannels(db.within(caller), caller.workspaceId);
      return { data: rows.map(row => presentChannel(row, hasMail)) };
    },
  );

  app.post(
    '/api/v1/alert-channels',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'createAlertChannel',
        summary: 'Create a channel for alerts',
        description:
          'Links lead to public addresses, or to hosts of `WEBHOOK_ALLOWED_HOSTS`. A webhook is signed after Standard Webhooks. WhatsApp never tells of its own account.',
        headers: idempotencyHeaders,
        body: createAlertChannelBody,
        response: { 201: newAlertChannelSchema, 400: problemSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { body } = request;
      demandSettings(body);
      demandNoHook(publicUrl(), body.url);
      const given = changedSettings(poster, body.kind, {}, body);
      const secret = body.kind === 'webhook' ? newSecret() : null;
      const settings = secret === null ? given : { ...given, secret };
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'alert_channels.create', key, body, by: caller.id };
      const work = async (tx: Queryable) => {
        if ((await store.countChannels(tx, workspaceId)) >= mostChannels) throw problem('too_many_alert_channels');
        await demandAccount(tx, workspaceId, accountOf(body));
        const id = newUuid();
        await store.insertChannel(tx, {
          ...{ id, workspace_id: workspaceId, kind: body.kind, name: body.name ?? body.kind },
          ...{ target: targetOf(body.kind, settings), settings: sealSettings(encrypter, id, settings) },
          ...{ account_id: accountOf(body) ?? null, tells: body.tells ?? ['critical', 'warning'] },
          ...{ enabled: body.enabled ?? true, by: { kind: caller.kind, id: caller.id } },
        });
        const target = { kind: 'alert_channel', id };
        await audit(tx, actorOf(request), { action: 'alert_channel.created', target, detail: { kind: body.kind } });
        const row = await store.findChannel(tx, workspaceId, id);
        if (!row) throw problem('alert_channel_not_found');
        return { status: 201, body: { ...presentChannel(row, hasMail), secret } };
      };
      const answer = await idempotently(db.within(caller), keyed, work, encrypter);
      return sendKept(reply.header('cache-control', 'no-store'), answer);
    },
  );

  app.patch(
    '/api/v1/alert-channels/:id',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'updateAlertChannel',
        summary: 'Change a channel for alerts, or switch it',
        description: 'A `url` of another origin drops the `secret`, unless you give it again.',
        params,
        body: updateAlertChannelBody,
        response: { 200: alertChannelSchema, 400: problemSchema, 403: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { body } = request;
      demandNoHook(publicUrl(), body.url);
      return db.within(caller).transaction(async tx => {
        const row = await store.findChannel(tx, workspaceId, id);
        if (!row) throw problem('alert_channel_not_found');
        await demandAccount(tx, workspaceId, accountOf(body));
        const built = row.kind === 'app' || row.kind === 'email' ? undefined : row.kind;
        const settings = built && changedSettings(poster, built, openSettings(encrypter, row), body);
        await store.updateChannel(tx, {
          ...row,
          ...{ name: body.name ?? row.name, tells: body.tells ?? row.tells, enabled: body.enabled ?? row.enabled },
          account_id: accountOf(body) ?? row.account_id,
          ...(settings && { settings: sealSettings(encrypter, id, settings), target: targetOf(row.kind, settings) }),
        });
        const detail = { fields: Object.keys(body) };
        await audit(tx, actorOf(request), {
          action: 'alert_channel.updated',
          target: { kind: 'alert_channel', id },
          detail,
        });
        const changed = await store.findChannel(tx, workspaceId, id);
        if (!changed) throw problem('alert_channel_not_found');
        return presentChannel(changed, hasMail);
      });
    },
  );

  app.delete(
    '/api/v1/alert-channels/:id',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'deleteAlertChannel',
        summary: 'Delete a channel for alerts; app and e-mail stay',
        params,
        response: { 204: z.null().meta({ description: 'Deleted.' }), 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        if (!(await store.deleteChannel(tx, caller.workspaceId, id))) throw problem('alert_channel_not_found');
        await audit(tx, actorOf(request), { action: 'alert_channel.deleted', target: { kind: 'alert_channel', id } });
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/alert-channels/:id/test',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'testAlertChannel',
        summary: 'Send a test to a channel; by e-mail, to yourself',
        description: 'The deliveries say how it went.',
        params,
        response: { 202: alertDeliverySchema, 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      const mine = db.within(caller);
      const made = await mine.transaction(async tx => {
        const row = await store.findChannel(tx, caller.workspaceId, id);
        if (!row) throw problem('alert_channel_not_found');
        const person = row.kind === 'email' && caller.kind === 'person' ? caller.id : null;
        await audit(tx, actorOf(request), { action: 'alert_channel.tested', target: { kind: 'alert_channel', id } });
        return deliveries.queueTest(tx, row, person, new Date(clock.now()));
      });
      wake('alert', id);
      const row = await deliveries.findDelivery(mine, caller.workspaceId, made);
      if (!row) throw problem('alert_channel_not_found');
      return reply.code(202).send(presentDelivery(row));
    },
  );

  app.get(
    '/api/v1/alert-deliveries',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'listAlertDeliveries',
        summary: 'List what channels were given, newest first',
        querystring: listAlertDeliveriesQuery,
        response: { 200: alertDeliveryPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const page = pageRequest(request);
      const { rows, total } = await deliveries.listDeliveries(db.listsWithin(caller), caller.workspaceId, page);
      return toPage(rows, page, total, presentDelivery, row => [row.id]);
    },
  );
}
