// The result of a campaign over HTTP, and the retry of its failed messages.
import {
  type CampaignResult,
  campaignResultSchema,
  channelCodes,
  problemSchema,
  retriedSchema,
} from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import { inChunks } from '../../kit/db/chunks.ts';
import { callerId, callerOf, type Server } from '../../kit/http/routes.ts';
import { campaignSpend } from '../cost/index.ts';
import { failedAccounts, requeueAll } from '../outcomes/index.ts';
import { accountsOf } from './accounts-store.ts';
import { type CountRow, countsOf } from './counts-store.ts';
import { lastOutcomesOf } from './lane-store.ts';
import { demandState } from './moves.ts';
import { medianReply, minutesOf, type VariantRow, variantsOf, wavesOf } from './result-store.ts';
import { type CampaignNeeds, campaignParams, foundCampaign } from './routes.ts';
import { differ, shareOf } from './statistics.ts';
import { sharesOfRules } from './stop-rules.ts';
import { moveTo } from './store.ts';

const sparedByWhatsApp = '131049';
const hour = 3_600_000;
const requeuedAtOnce = 1_000;

type Again = CampaignResult['failed'][number]['again'];

/** Whether a message that failed with a code may succeed when it is tried again. */
function againOf(code: string): Again {
  if (code === sparedByWhatsApp) return 'tomorrow';
  if (code === '' || code === 'unknown_outcome') return 'never';
  const known = channelCodes[code];
  // A code that is none of WhatsApp's: the call never reached it.
  if (!known) return /^\d+$/.test(code) ? 'never' : 'now';
  return known.class === 'unavailable' || known.class === 'throttled' ? 'now' : 'never';
}

function failuresOf(counts: readonly CountRow[]): CampaignResult['failed'] {
  const byCode = new Map<string, number>();
  for (const { of, value, code, n } of counts) {
    const isFailure = (of === 'message' && value === 'failed') || (of === 'recipient' && value === 'rejected');
    if (isFailure) byCode.set(code, (byCode.get(code) ?? 0) + n);
  }
  const isOfMessage = new Set(counts.filter(({ of }) => of === 'message').map(({ code }) => code));
  return [...byCode]
    .sort(([, left], [, right]) => right - left)
    .map(([code, people]) => {
      const { who = null, advice = null } = channelCodes[code] ?? {};
      return { code: code || 'none', people, who, advice, again: isOfMessage.has(code) ? againOf(code) : 'never' };
    });
}

/** The people of a state by reason, the most first. */
export const tallyOf = (counts: readonly CountRow[], state: string) =>
  counts
    .filter(({ of, value }) => of === 'recipient' && value === state)
    .map(({ code, n }) => ({ value: code, people: n }))
    .sort((left, right) => right.people - left.people);

const shown = ({ variant, people, delivered, read, replied, opted_out }: VariantRow) => ({
  variant,
  people,
  delivered,
  read: shareOf(read, delivered),
  replied: shareOf(replied, variant === null ? people : delivered),
  opted_out,
});

export function resultRoutes(app: Server, { db, clock, wake, wakeAccount }: CampaignNeeds): void {
  const tags = ['Campaigns'];

  app.get(
    '/api/v1/campaigns/:id/result',
    {
      config: { permission: 'campaigns.read' },
      schema: {
        tags,
        operationId: 'getCampaignResult',
        summary: 'Show what came of a campaign: replies, variants, failures, waves and stop rules',
        params: campaignParams,
        response: { 200: campaignResultSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.listsWithin(caller);
      const campaign = await foundCampaign(mine, caller.workspaceId, request.params.id);
      const counts = await countsOf(mine, [campaign.id]);
      const replies = (kind: string) =>
        counts.filter(({ of, value }) => of === 'reply' && value === kind).reduce((sum, { n }) => sum + n, 0);
      const variants = (await variantsOf(mine, campaign.id, campaign.settings.reply_hours)).map(shown);
      const [first, second] = variants.filter(({ variant }) => variant !== null);
      const outcomes = await lastOutcomesOf(mine, campaign, await accountsOf(mine, campaign));
      const iso = (at: Date | null) => at?.toISOString() ?? null;
      return {
        replies: {
          sure: replies('sure'),
          likely: replies('likely'),
          median_minutes: await medianReply(mine, campaign.id),
        },
        variants,
        difference: first && second ? differ(first.replied, second.replied) : null,
        failed: failuresOf(counts),
        left_out: tallyOf(counts, 'left_out'),
        minutes: (await minutesOf(mine, campaign.id)).map(({ at, sent }) => ({ at: at.toISOString(), sent })),
        waves: (await wavesOf(mine, campaign.id)).map(({ first_at, last_at, ...wave }) => ({
          ...wave,
          first_at: iso(first_at),
          last_at: iso(last_at),
        })),
        rules: sharesOfRules(outcomes, campaign.settings.stop_rules),
        outcomes: outcomes.n,
        cost:
          (await campaignSpend(mine, caller.workspaceId, campaign.id, campaign.settings.stop_rules.spent ?? null)) ??
          null,
      };
    },
  );

  app.post(
    '/api/v1/campaigns/:id/retry',
    {
      config: { permission: 'campaigns.start' },
      schema: {
        tags,
        operationId: 'retryCampaign',
        summary: 'Try failed messages of a campaign again, where that may help',
        description:
          'Each is the same message, tried again. Messages that WhatsApp spared (131049) are tried after 24 hours at the earliest. Messages with an unknown outcome are never tried again by this.',
        params: campaignParams,
        response: { 200: retriedSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const campaign = await foundCampaign(mine, caller.workspaceId, request.params.id);
      demandState(campaign, ['running', 'done'], 'try messages again');
      const codes = failuresOf(await countsOf(mine, [campaign.id])).filter(({ again }) => again !== 'never');
      let count = 0;
      for (const { code, again } of codes) {
        const until = again === 'tomorrow' ? new Date(clock.now() - 24 * hour).toISOString() : undefined;
        const filter = { campaignId: campaign.id, errorCode: code, ...(until !== undefined && { until }) };
        for (const accountId of await failedAccounts(mine, caller.workspaceId, filter))
          count += await inChunks(requeuedAtOnce, async () => {
            const of = { ...filter, accountId };
            const { messages } = await mine.transaction(tx =>
              requeueAll(tx, caller.workspaceId, of, callerId(caller), clock.sqlNow(), requeuedAtOnce),
            );
            if (messages > 0) wakeAccount(accountId);
            return messages;
          });
      }
      await mine.transaction(async tx => {
        const target = { kind: 'campaign', id: campaign.id };
        await audit(tx, actorOf(request), { action: 'campaign.retried', target, detail: { messages: count } });
        const row = await foundCampaign(tx, caller.workspaceId, request.params.id, 'update');
        const at = new Date(clock.now());
        if (count > 0 && row.state === 'done') await moveTo(tx, row, 'running', { stepAt: at }, at);
      });
      if (count > 0) wake(campaign.id);
      return { count };
    },
  );
}
