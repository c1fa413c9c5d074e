// Caps and surcharges over HTTP.
import { costSettingsSchema, problemSchema, updateCostSettingsBody } from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, invalid, type Server } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import { judgeCaps } from './cap-store.ts';
import type { CostNeeds } from './routes.ts';
import { accountSettings, changeCostSettings, findCostSetting } from './settings-store.ts';

async function present(db: Queryable, workspaceId: string) {
  const [setting, accounts] = [await findCostSetting(db, workspaceId), await accountSettings(db, workspaceId)];
  return { ...setting, accounts: accounts.map(each => ({ ...each, account_id: toId('account', each.account_id) })) };
}

export function costSettingRoutes(app: Server, { db, clock }: CostNeeds): void {
  const tags = ['Cost'];

  app.get(
    '/api/v1/cost/settings',
    {
      config: { permission: 'cost.read' },
      schema: {
        tags,
        operationId: 'getCostSettings',
        summary: 'Show the currency, the caps and the surcharges of a provider',
        response: { 200: costSettingsSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      return present(db.within(caller), caller.workspaceId);
    },
  );

  app.patch(
    '/api/v1/cost/settings',
    {
      config: { permission: 'cost.manage' },
      schema: {
        tags,
        operationId: 'updateCostSettings',
        summary: 'Change caps and surcharges',
        description: 'A surcharge counts for messages from now on. A higher cap lets campaigns go on within seconds.',
        body: updateCostSettingsBody,
        response: { 200: costSettingsSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId: id } = caller;
      return db.within(caller).transaction(async tx => {
        const unknown = await changeCostSettings(tx, id, request.body);
        if (unknown !== undefined)
          throw invalid('accounts', `Must be accounts that WhatsApp bills; ${unknown} is none.`);
        await judgeCaps(tx, clock.sqlNow(), id);
        const target = { kind: 'workspace', id };
        await audit(tx, actorOf(request), { action: 'cost_settings.updated', target, detail: { ...request.body } });
        return present(tx, id);
      });
    },
  );
}
