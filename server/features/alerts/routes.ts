// Alerts over HTTP.
import {
  alertPage,
  alertSchema,
  idSchema,
  listAlertsQuery,
  muteAlertsBody,
  mutedAlertsSchema,
  problemSchema,
  takeAlertBody,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { type AlertRow, presentAlert } from './alert.ts';
import { alertChannelRoutes } from './channel-routes.ts';
import { problem } from './errors.ts';
import { type AlertNeeds, tags } from './needs.ts';
import { alertRuleRoutes } from './rule-routes.ts';
import { alertSettingRoutes } from './setting-routes.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('alert') });

/** @throws AppError where there is no such alert */
async function found(db: Queryable, workspaceId: string, id: string): Promise<AlertRow> {
  const row = await store.findAlert(db, workspaceId, id);
  if (!row) throw problem('alert_not_found');
  return row;
}

/** All routes of alerts and their rules. */
export function alertRoutes(app: Server, needs: AlertNeeds): void {
  readRoutes(app, needs);
  actionRoutes(app, needs);
  alertRuleRoutes(app, needs);
  alertChannelRoutes(app, needs);
  alertSettingRoutes(app, needs);
}

function readRoutes(app: Server, { db }: AlertNeeds): void {
  app.get(
    '/api/v1/alerts',
    {
      config: { permission: 'alerts.read' },
      schema: {
        tags,
        operationId: 'listAlerts',
        summary: 'List alerts, newest first',
        querystring: listAlertsQuery,
        response: { 200: alertPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { state, rule_id } = request.query;
      const filter = { state, ruleId: rule_id === undefined ? undefined : toUuid(rule_id) };
      const { rows, total } = await store.listAlerts(db.listsWithin(caller), caller.workspaceId, filter, page);
      return toPage(rows, page, total, presentAlert, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/alerts/:id',
    {
      config: { permission: 'alerts.read' },
      schema: {
        tags,
        operationId: 'getAlert',
        summary: 'Show an alert',
        params,
        response: { 200: alertSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      return presentAlert(await found(db.within(caller), caller.workspaceId, toUuid(request.params.id)));
    },
  );
}

function actionRoutes(app: Server, { db, clock }: AlertNeeds): void {
  /** Does something to an alert that fires, and writes it to the audit log. */
  const changed = (
    request: FastifyRequest<{ Params: { id: string } }>,
    action: string,
    change: (tx: Queryable, id: string) => Promise<unknown>,
  ) => {
    const caller = callerOf(request);
    const id = toUuid(request.params.id);
    return db.within(caller).transaction(async tx => {
      const row = await found(tx, caller.workspaceId, id);
      if (row.cleared_at !== null) throw problem('alert_cleared');
      await change(tx, id);
      await audit(tx, actorOf(request), { action, target: { kind: 'alert', id }, detail: { signal: row.signal } });
      return presentAlert(await found(tx, caller.workspaceId, id));
    });
  };

  app.post(
    '/api/v1/alerts/:id/take',
    {
      config: { permission: 'alerts.update' },
      // The body may be left out.
      preValidation: (request, _reply, done) => {
        request.body ??= {};
        done();
      },
      schema: {
        tags,
        operationId: 'takeAlert',
        summary: 'Take an alert: nobody else is told again',
        params,
        body: takeAlertBody,
        response: { 200: alertSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request =>
      changed(request, 'alert.taken', (tx, id) =>
        store.takeAlert(tx, id, callerOf(request), request.body.note ?? null, new Date(clock.now())),
      ),
  );

  app.post(
    '/api/v1/alerts/:id/mute',
    {
      config: { permission: 'alerts.update' },
      schema: {
        tags,
        operationId: 'muteAlert',
        summary: 'Mute an alert until a time',
        params,
        body: muteAlertsBody,
        response: { 200: alertSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const { until } = request.body;
      const caller = callerOf(request);
      return changed(request, until === null ? 'alert.unmuted' : 'alert.muted', (tx, id) =>
        store.muteAlerts(tx, caller.workspaceId, caller, until === null ? null : new Date(until), id),
      );
    },
  );

  app.post(
    '/api/v1/alerts/mute',
    {
      config: { permission: 'alerts.update' },
      schema: {
        tags,
        operationId: 'muteAlerts',
        summary: 'Mute all alerts that fire now until a time',
        body: muteAlertsBody,
        response: { 200: mutedAlertsSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { until } = request.body;
      return db.within(caller).transaction(async tx => {
        const muted = await store.muteAlerts(tx, caller.workspaceId, caller, until === null ? null : new Date(until));
        const action = until === null ? 'alert.unmuted' : 'alert.muted';
        await audit(tx, actorOf(request), { action, detail: { alerts: muted } });
        return { muted };
      });
    },
  );
}
