// The rules of alerts over HTTP.
import {
  alertRuleList,
  alertRuleSchema,
  alertSignals,
  createAlertRuleBody,
  idempotencyHeaders,
  idSchema,
  problemSchema,
  updateAlertRuleBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, demandEveryAccount, type Server, sendKept } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { presentRule } from './alert.ts';
import { problem } from './errors.ts';
import type { AlertNeeds } from './needs.ts';
import { changedRule, newRule } from './rules.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('alert_rule') });
const mostRules = 100;
const tags = ['Alert rules'];

/** The routes of rules. */
export function alertRuleRoutes(app: Server, { db, clock }: AlertNeeds): void {
  app.get(
    '/api/v1/alert-rules',
    {
      config: { permission: 'alerts.read' },
      schema: {
        tags,
        operationId: 'listAlertRules',
        summary: 'List the alert rules, with what the last round saw',
        response: { 200: alertRuleList },
      },
    },
    async request => {
      const caller = callerOf(request);
      const rows = await store.listRules(db.within(caller), caller.workspaceId);
      const place = new Map(alertSignals.map((signal, index) => [signal, index]));
      rows.sort((a, b) => (place.get(a.signal) ?? 0) - (place.get(b.signal) ?? 0));
      return { data: rows.map(row => presentRule(row, clock.now())) };
    },
  );

  app.get(
    '/api/v1/alert-rules/:id',
    {
      config: { permission: 'alerts.read' },
      schema: {
        tags,
        operationId: 'getAlertRule',
        summary: 'Show an alert rule',
        params,
        response: { 200: alertRuleSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const row = await store.findRule(db.within(caller), caller.workspaceId, toUuid(request.params.id));
      if (!row) throw problem('alert_rule_not_found');
      return presentRule(row, clock.now());
    },
  );

  app.post(
    '/api/v1/alert-rules',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'createAlertRule',
        summary: 'Create an alert rule',
        description:
          'A field that the body leaves out gets the default of the signal. A workspace begins with a rule for each signal.',
        headers: idempotencyHeaders,
        body: createAlertRuleBody,
        response: { 201: alertRuleSchema, 400: problemSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { body } = request;
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'alert_rules.create', key, body };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        if ((await store.countRules(tx, workspaceId)) >= mostRules) throw problem('too_many_alert_rules');
        const id = await store.insertRule(tx, workspaceId, body.signal, await newRule(tx, workspaceId, body));
        const detail = { signal: body.signal };
        await audit(tx, actorOf(request), { action: 'alert_rule.created', target: { kind: 'alert_rule', id }, detail });
        const row = await store.findRule(tx, workspaceId, id);
        if (!row) throw problem('alert_rule_not_found');
        return { status: 201, body: presentRule(row, clock.now()) };
      });
      return sendKept(reply, answer);
    },
  );

  app.patch(
    '/api/v1/alert-rules/:id',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'updateAlertRule',
        summary: 'Change, mute or switch an alert rule',
        description: 'Alerts of a rule that is switched off clear within a minute.',
        params,
        body: updateAlertRuleBody,
        response: { 200: alertRuleSchema, 400: problemSchema, 403: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      return db.within(caller).transaction(async tx => {
        const before = await store.findRule(tx, workspaceId, id);
        if (!before) throw problem('alert_rule_not_found');
        await store.updateRule(tx, id, await changedRule(tx, workspaceId, before, request.body));
        const detail = { fields: Object.keys(request.body) };
        await audit(tx, actorOf(request), { action: 'alert_rule.updated', target: { kind: 'alert_rule', id }, detail });
        const row = await store.findRule(tx, workspaceId, id);
        if (!row) throw problem('alert_rule_not_found');
        return presentRule(row, clock.now());
      });
    },
  );

  app.delete(
    '/api/v1/alert-rules/:id',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'deleteAlertRule',
        summary: 'Delete an alert rule: its alerts clear within a minute',
        params,
        response: { 204: z.null().meta({ description: 'Deleted.' }), 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        if (!(await store.deleteRule(tx, caller.workspaceId, id))) throw problem('alert_rule_not_found');
        await audit(tx, actorOf(request), { action: 'alert_rule.deleted', target: { kind: 'alert_rule', id } });
      });
      return reply.code(204).send(null);
    },
  );
}
