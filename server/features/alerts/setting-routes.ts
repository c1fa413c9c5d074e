// The settings of alerts over HTTP: grouping, repeats, the call that shows that Recado lives, and quiet hours.
import {
  alertSettingsSchema,
  myAlertsSchema,
  problemSchema,
  updateAlertSettingsBody,
  updateMyAlertsBody,
} from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { demandLink, sealPing } from './channel.ts';
import * as store from './channel-store.ts';
import { problem } from './errors.ts';
import type { AlertNeeds } from './needs.ts';
import { ping } from './ping.ts';

const tags = ['Alert channels'];

const presentSettings = (row: store.SettingRow | undefined) => ({
  group_seconds: row?.group_s ?? 30,
  repeat_seconds: row?.repeat_s ?? 14_400,
  ping:
    row?.ping_host == null
      ? null
      : {
          host: row.ping_host,
          at: row.pinged_at?.toISOString() ?? null,
          ...{ status: row.ping_status, error: row.ping_error, ms: row.ping_ms },
        },
});

/** The routes of the settings of a workspace, and of the caller. */
export function alertSettingRoutes(app: Server, needs: AlertNeeds): void {
  const { db, clock, encrypter, poster } = needs;
  app.get(
    '/api/v1/alert-settings',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'getAlertSettings',
        summary: 'Show how alerts are grouped and repeated',
        response: { 200: alertSettingsSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      return presentSettings(await store.findSetting(db.within(caller), caller.workspaceId));
    },
  );

  app.patch(
    '/api/v1/alert-settings',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'updateAlertSettings',
        summary: 'Change how alerts are grouped and repeated, and the address that is called every minute',
        body: updateAlertSettingsBody,
        response: { 200: alertSettingsSchema, 400: problemSchema, 403: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { group_seconds: group, repeat_seconds: repeat, ping_url: url } = request.body;
      if (url) demandLink(poster, 'ping_url', url);
      const called = url && { url: sealPing(encrypter, workspaceId, url), host: new URL(url).host };
      return db.within(caller).transaction(async tx => {
        await store.changeSetting(tx, workspaceId, { group, repeat, ping: url === null ? null : called || undefined });
        const detail = { fields: Object.keys(request.body) };
        await audit(tx, actorOf(request), { action: 'alert_settings.updated', detail });
        return presentSettings(await store.findSetting(tx, workspaceId));
      });
    },
  );

  app.post(
    '/api/v1/alert-settings/ping',
    {
      config: { permission: 'alerts.manage' },
      schema: {
        tags,
        operationId: 'pingAlertSettings',
        summary: 'Call the address now',
        response: { 200: alertSettingsSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const mine = db.within(caller);
      const row = await store.findSetting(mine, caller.workspaceId);
      if (!row?.ping_url) throw problem('no_ping_url');
      await ping({ db: mine, clock, encrypter, poster }, row);
      return presentSettings(await store.findSetting(mine, caller.workspaceId));
    },
  );

  app.get(
    '/api/v1/me/alerts',
    {
      config: { permission: 'me.read' },
      schema: {
        tags: ['Me'],
        operationId: 'getMyAlerts',
        summary: 'Show your quiet hours',
        response: { 200: myAlertsSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const row = await store.findQuiet(db.within(caller), caller.workspaceId, caller.id);
      return { quiet_hours: row ? { from: row.quiet_from, until: row.quiet_until, time_zone: row.time_zone } : null };
    },
  );

  app.put(
    '/api/v1/me/alerts',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags: ['Me'],
        operationId: 'setMyAlerts',
        summary: 'Change your quiet hours: then only critical alerts come by e-mail',
        body: updateMyAlertsBody,
        response: { 200: myAlertsSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { quiet_hours } = request.body;
      await db.within(caller).transaction(tx => store.setQuiet(tx, caller.workspaceId, caller.id, quiet_hours));
      return { quiet_hours };
    },
  );
}
