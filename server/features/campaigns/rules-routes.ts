// The rules that all campaigns of a workspace have in common, over HTTP.
import { campaignSettingsOfWorkspace, problemSchema, updateCampaignRulesBody } from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { approvalAbove, setApprovalAbove } from './store.ts';

export function ruleRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  const tags = ['Campaigns'];

  app.get(
    '/api/v1/workspace/campaigns',
    {
      config: { permission: 'campaigns.read' },
      schema: {
        tags,
        operationId: 'getCampaignRules',
        summary: 'Show the rules that all campaigns have in common',
        response: { 200: campaignSettingsOfWorkspace },
      },
    },
    async request => {
      const caller = callerOf(request);
      return { approval_above: await approvalAbove(db.within(caller), caller.workspaceId) };
    },
  );

  app.patch(
    '/api/v1/workspace/campaigns',
    {
      config: { permission: 'campaigns.start' },
      schema: {
        tags,
        operationId: 'updateCampaignRules',
        summary: 'Change the rules that all campaigns have in common',
        body: updateCampaignRulesBody,
        response: { 200: campaignSettingsOfWorkspace, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { approval_above: above } = request.body;
      return db.within(caller).transaction(async tx => {
        if (above !== undefined) await setApprovalAbove(tx, caller.workspaceId, above);
        await audit(tx, actorOf(request), { action: 'campaign_rules.updated', detail: { ...request.body } });
        return { approval_above: await approvalAbove(tx, caller.workspaceId) };
      });
    },
  );
}
