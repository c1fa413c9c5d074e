// The settings of opt-outs over HTTP.
import { optOutSettingsSchema, problemSchema, updateOptOutSettingsBody } from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import type { OptOutNeeds } from './needs.ts';
import { findSetting, lockSetting, storeSetting } from './setting-store.ts';
import { changedSettings, presentSettings } from './settings.ts';

const tags = ['Opt-outs'];

export function settingRoutes(app: Server, { db }: OptOutNeeds): void {
  app.get(
    '/api/v1/workspace/opt-outs',
    {
      config: { permission: 'opt_outs.read' },
      schema: {
        tags,
        operationId: 'getOptOutSettings',
        summary: 'Show the words, the answers and the rules of opt-outs',
        response: { 200: optOutSettingsSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      return presentSettings(await findSetting(db.within(caller), caller.workspaceId));
    },
  );

  app.patch(
    '/api/v1/workspace/opt-outs',
    {
      config: { permission: 'contacts.configure' },
      schema: {
        tags,
        operationId: 'updateOptOutSettings',
        summary: 'Change the words, the answers and the rules of opt-outs',
        body: updateOptOutSettingsBody,
        response: { 200: optOutSettingsSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId: id } = caller;
      return db.within(caller).transaction(async tx => {
        const next = changedSettings(await lockSetting(tx, id), request.body);
        await storeSetting(tx, id, next);
        await audit(tx, actorOf(request), {
          action: 'opt_out_settings.updated',
          target: { kind: 'workspace', id },
          // Not the texts of the answers.
          detail: { ...request.body, ...(request.body.answers && { answers: Object.keys(request.body.answers) }) },
        });
        return presentSettings(next);
      });
    },
  );
}
