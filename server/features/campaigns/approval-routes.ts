// The approval of a campaign over HTTP: what it would be for and who may give it, the question, and the answer.
import {
  approveCampaignBody,
  type CampaignApproval,
  type CampaignSettings,
  campaignApprovalSchema,
  campaignSchema,
  problemSchema,
  refuseCampaignBody,
  revisionHeaders,
} from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { bodyMayLack, type Caller, callerOf, type Server } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import { approvalTolerance, covers } from './approval.ts';
import { approversOf, lastApproved, saidOf } from './approval-store.ts';
import { type Approval, type CampaignRow, shownWho, waitsForApproval } from './campaign.ts';
import { countsOf } from './counts-store.ts';
import { problem } from './errors.ts';
import * as moves from './moves.ts';
import { costOfList, outlookOf } from './outlook.ts';
import { tallyOf } from './result-routes.ts';
import { type CampaignNeeds, campaignParams, change, foundCampaign, sizeOf } from './routes.ts';
import { approvalAbove } from './store.ts';

interface ApprovalNeeds extends CampaignNeeds {
  hasWindow: (channel: string) => boolean;
}

type Reach = Pick<CampaignApproval, 'people' | 'complete' | 'audience' | 'left_out' | 'frozen_at' | 'cost'>;

const everybody = 100_000_000;

/** Whom an approval of now is for: the list as it is frozen, else the audience as Recado counts it now. */
async function reachOf(
  { clock, hasWindow }: ApprovalNeeds,
  db: Queryable,
  campaign: CampaignRow,
  { accounts }: Caller,
): Promise<Reach> {
  if (campaign.frozen_at !== null)
    return {
      people: campaign.people,
      complete: true,
      audience: campaign.listed,
      left_out: tallyOf(await countsOf(db, [campaign.id]), 'left_out'),
      frozen_at: campaign.frozen_at.toISOString(),
      cost: await costOfList(db, campaign, clock.sqlNow()),
    };
  const outlook = await outlookOf({ db, clock, hasWindow }, campaign, accounts ?? null);
  const { complete, audience, left_out, cost } = outlook;
  const people = complete ? outlook.people : await sizeOf(db, campaign, everybody);
  return { people, complete, audience, left_out, frozen_at: null, cost };
}

/** The fields whose values differ. */
function changedFields(before: { name: string; settings: CampaignSettings }, now: CampaignRow) {
  const [was, is] = [
    { name: before.name, ...before.settings },
    { name: now.name, ...now.settings },
  ] as [Record<string, unknown>, Record<string, unknown>];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return fields
    .filter(field => JSON.stringify(was[field]) !== JSON.stringify(is[field]))
    .map(field => ({ field, before: was[field] ?? null, after: is[field] ?? null }));
}

export function approvalRoutes(app: Server, needs: ApprovalNeeds): void {
  const { db } = needs;
  const tags = ['Campaigns'];
  const response = { 200: campaignSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema };

  app.get(
    '/api/v1/campaigns/:id/approval',
    {
      config: { permission: 'campaigns.read' },
      schema: {
        tags,
        operationId: 'getCampaignApproval',
        summary: 'Show what an approval would be for, who may give it, and what changed since the last one',
        params: campaignParams,
        response: { 200: campaignApprovalSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.listsWithin(caller, caller.id);
      const campaign = await foundCampaign(mine, caller.workspaceId, request.params.id);
      const people = await approversOf(mine, campaign);
      const approvers = people.filter(({ bars }) => bars.length === 0);
      const last = await lastApproved(mine, campaign.id);
      const named = ({ id, name }: { id: string; name: string }) => ({ id: toId('person', id), name });
      return {
        waits: waitsForApproval(campaign),
        above: await approvalAbove(mine, caller.workspaceId),
        tolerance: approvalTolerance,
        ...(await reachOf(needs, mine, campaign, caller)),
        approvers: approvers.map(named),
        barred: people
          .filter(({ bars }) => bars.length > 0)
          .map(({ bars, ...each }) => ({ ...named(each), reasons: bars })),
        may: caller.kind === 'person' && approvers.some(({ id }) => id === caller.id),
        changes: last
          ? { by: shownWho(last.by), at: last.at.toISOString(), fields: changedFields(last, campaign) }
          : null,
        said: (await saidOf(mine, campaign.id)).map(({ by, at, ...said }) => ({
          ...said,
          by: shownWho(by),
          at: at.toISOString(),
        })),
      };
    },
  );

  app.post(
    '/api/v1/campaigns/:id/ask',
    {
      config: { permission: 'campaigns.manage' },
      schema: {
        tags,
        operationId: 'askForApproval',
        summary: 'Ask a second person to approve a campaign',
        description: 'A draft, or a campaign that is held for its approval. Everybody who may approve it is told.',
        params: campaignParams,
        response,
      },
    },
    request =>
      change(needs, request, 'campaign.asked', async (tx, row, by, at) => {
        await moves.ask(tx, row, by, at);
        return {};
      }),
  );

  app.post(
    '/api/v1/campaigns/:id/approve',
    {
      config: { permission: 'campaigns.start' },
      schema: {
        tags,
        operationId: 'approveCampaign',
        summary: 'Approve a campaign as a second person',
        description:
          'Only for a person who neither asked, nor changed it last, nor made the key that did. It is for the content, and the people and the cost of now. A campaign that is held for it goes on.',
        params: campaignParams,
        headers: revisionHeaders,
        body: approveCampaignBody,
        response: { ...response, 412: problemSchema },
      },
      preValidation: bodyMayLack,
    },
    async request => {
      const caller = callerOf(request);
      if (caller.kind !== 'person') throw problem('approval_by_key');
      const mine = db.listsWithin(caller, caller.id);
      const seen = await foundCampaign(mine, caller.workspaceId, request.params.id);
      const { people, cost } = await reachOf(needs, mine, seen, caller);
      const { people: given = people } = request.body;
      const asked = request.headers['if-match'];
      return change(needs, request, 'campaign.approved', async (tx, row, by, at) => {
        const isSame = row.revision === seen.revision && row.state === seen.state;
        if (!isSame || (asked !== undefined && asked !== `"${row.revision}"`)) throw problem('campaign_changed');
        if (!covers(given, people))
          throw problem('approval_outgrown', `It has ${people} people now, and you approve ${given}.`);
        const approved: Pick<Approval, 'people' | 'cost'> = {
          people,
          cost: cost && { currency: cost.currency, high: cost.high },
        };
        await moves.approve(tx, row, by, approved, at);
        return { ...approved };
      });
    },
  );

  app.post(
    '/api/v1/campaigns/:id/refuse',
    {
      config: { permission: 'campaigns.start' },
      schema: {
        tags,
        operationId: 'refuseCampaign',
        summary: 'Refuse the approval of a campaign, or take the question back',
        description: 'A campaign that is held for its approval becomes a draft again.',
        params: campaignParams,
        body: refuseCampaignBody,
        response,
      },
      preValidation: bodyMayLack,
    },
    request =>
      change(needs, request, 'campaign.refused', async (tx, row, by, at) => {
        await moves.refuse(tx, row, by, request.body.note ?? null, at);
        return {};
      }),
  );
}
