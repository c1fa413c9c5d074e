// The rules that all campaigns of a workspace have in common, over HTTP.
import { campaignSettingsOfWorkspace, problemSchema, updateCampaignRulesBody } from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { tellRule } from './approval-store.ts';
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
      config: { permission: 'workspace.manage' },
      schema: {
        tags,
        operationId: 'updateCampaignRules',
        summary: 'Change the rules that all campaigns have in common',
        description: 'Only for owners, logged in. Everybody who may approve campaigns is told.',
        body: updateCampaignRulesBody,
        response: { 200: campaignSettingsOfWorkspace, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { approval_above: above } = request.body;
      return db.within(caller).transaction(async tx => {
        const before = await approvalAbove(tx, caller.workspaceId);
        if (above === undefined || above === before) return { approval_above: before };
        await setApprovalAbove(tx, caller.workspaceId, above);
        await tellRule(tx, caller.workspaceId, above, caller.id);
        const detail = { approval_above: above, before };
        await audit(tx, actorOf(request), { action: 'campaign_rules.updated', detail });
        return { approval_above: above };
      });
    },
  );
}
