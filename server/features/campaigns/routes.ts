// Campaigns over HTTP.
import {
  type Campaign,
  type CampaignSettings,
  campaignDefaults,
  campaignNoteBody,
  campaignPage,
  campaignSchema,
  createCampaignBody,
  idempotencyHeaders,
  idSchema,
  listCampaignsQuery,
  type Permission,
  problemSchema,
  revisionHeaders,
  startCampaignBody,
  updateCampaignBody,
  wholeCampaign,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import {
  bodyMayLack,
  type Caller,
  callerOf,
  invalid,
  pageRequest,
  type Server,
  sendKept,
  toPage,
} from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { noteSaid } from './approval-store.ts';
import { audienceOf, countAudience } from './audience-store.ts';
import { type CampaignRow, isCapAlone, present, type Who } from './campaign.ts';
import { countsOf, figuresOf } from './counts-store.ts';
import { problem } from './errors.ts';
import * as moves from './moves.ts';
import { demandKnown, withKnownSources } from './readiness-store.ts';
import * as store from './store.ts';
import { waitingOfCampaigns } from './waiting-store.ts';

export interface CampaignNeeds {
  db: ScopedDatabase;
  clock: Clock;
  /** Wakes the lane of a campaign. */
  wake: (campaignId: string) => void;
  /** Wakes the lane of an account. */
  wakeAccount: (accountId: string) => void;
  /** Whether the lanes hold back for want of room on the disk. */
  storageFull: () => boolean;
}

export const campaignParams = z.strictObject({ id: idSchema('campaign') });

/** @throws AppError if the caller sees no such campaign */
export async function foundCampaign(
  db: Queryable,
  workspaceId: string,
  id: string,
  lock: '' | 'update' = '',
): Promise<CampaignRow> {
  const row = await store.findCampaign(db, workspaceId, toUuid(id), lock);
  if (!row) throw problem('campaign_not_found');
  return row;
}

/** @throws AppError if a campaign of these accounts is none of the caller's */
function demandAccounts(caller: Caller, ids: readonly string[] | undefined): void {
  ids?.forEach((id, place) => {
    if (caller.accounts && !caller.accounts.includes(toUuid(id)))
      throw invalid(`account_ids[${place}]`, 'Account not found.');
  });
}

/** Settings with those that a request gives. */
const merged = (settings: CampaignSettings, given: Partial<Record<keyof CampaignSettings, unknown>>) =>
  wholeCampaign({
    ...settings,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  });

/** How many people are in the audience, counted up to `most`; those that row-level security shows. */
export async function sizeOf(db: Queryable, campaign: CampaignRow, most: number): Promise<number> {
  const { include } = campaign.settings;
  if (include.length === 0) return 0;
  const audience = await audienceOf(db, await withKnownSources(db, campaign), campaign.scope, new Date());
  return countAudience(db, campaign.workspace_id, audience, most);
}

/** The campaigns as the API shows them. */
async function presentAll(needs: CampaignNeeds, db: Queryable, rows: readonly CampaignRow[]): Promise<Campaign[]> {
  const [first] = rows;
  if (!first) return [];
  const counts = await countsOf(
    db,
    rows.map(({ id }) => id),
  );
  const running = rows.filter(({ state }) => state === 'running').map(({ id }) => id);
  const waiting = await waitingOfCampaigns(db, running, needs.storageFull(), needs.clock.sqlNow());
  const above = await store.approvalAbove(db, first.workspace_id);
  const shown: Campaign[] = [];
  for (const row of rows) {
    const isDraft = row.state === 'draft' && above !== null;
    const people = isDraft ? await sizeOf(db, row, above + 1) : 0;
    const contacts = row.state === 'preparing' ? await store.countContacts(db, row.workspace_id) : 0;
    const own = figuresOf(counts.filter(count => count.campaign_id === row.id));
    shown.push(
      present(row, { counts: own, contacts, needsApproval: isDraft && people > above, waiting: waiting.get(row.id) }),
    );
  }
  return shown;
}

async function presentOne(needs: CampaignNeeds, db: Queryable, row: CampaignRow): Promise<Campaign> {
  const [shown] = await presentAll(needs, db, [row]);
  if (!shown) throw new Error('one row gave no campaign');
  return shown;
}

const tags = ['Campaigns'];

export function campaignRoutes(app: Server, needs: CampaignNeeds): void {
  const { db } = needs;

  app.get(
    '/api/v1/campaigns',
    {
      config: { permission: 'campaigns.read' },
      schema: {
        tags,
        operationId: 'listCampaigns',
        summary: 'List campaigns, newest first',
        querystring: listCampaignsQuery,
        response: { 200: campaignPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.listsWithin(caller);
      const page = pageRequest(request);
      const { rows, total } = await store.listCampaigns(mine, caller.workspaceId, request.query.state, page);
      const { data, page: place } = toPage(
        rows,
        page,
        total,
        row => row,
        row => [row.id],
      );
      return { data: await presentAll(needs, mine, data), page: place };
    },
  );

  app.post(
    '/api/v1/campaigns',
    {
      config: { permission: 'campaigns.manage' },
      schema: {
        tags,
        operationId: 'createCampaign',
        summary: 'Create a draft',
        description: 'A draft may lack anything but its name. `POST …/start` says what it still lacks.',
        headers: idempotencyHeaders,
        body: createCampaignBody,
        response: { 201: campaignSchema, 400: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { name, ...given } = request.body;
      demandAccounts(caller, given.account_ids);
      const keyed = {
        workspaceId,
        operation: 'campaigns.create',
        key: request.headers['idempotency-key'],
        body: request.body,
      };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        await demandKnown(tx, workspaceId, given);
        const createdBy = whoOf(caller);
        const settings = merged(campaignDefaults, given);
        const id = await store.insertCampaign(tx, workspaceId, { name, settings, createdBy });
        await audit(tx, actorOf(request), {
          action: 'campaign.created',
          target: { kind: 'campaign', id },
          detail: { name },
        });
        const row = await store.findCampaign(tx, workspaceId, id);
        if (!row) throw new Error('a new campaign is gone');
        return { status: 201, body: await presentOne(needs, tx, row) };
      });
      return sendKept(reply, answer);
    },
  );

  app.get(
    '/api/v1/campaigns/:id',
    {
      config: { permission: 'campaigns.read' },
      schema: {
        tags,
        operationId: 'getCampaign',
        summary: 'Show a campaign with its counts',
        params: campaignParams,
        response: { 200: campaignSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      return presentOne(needs, mine, await foundCampaign(mine, caller.workspaceId, request.params.id));
    },
  );

  app.patch(
    '/api/v1/campaigns/:id',
    {
      config: { permission: 'campaigns.manage' },
      schema: {
        tags,
        operationId: 'updateCampaign',
        summary: 'Change a draft, or the spend cap of a campaign',
        description:
          'Each field that the body has is replaced as a whole. An approval ends with the change. Of a campaign that is no draft, only `stop_rules.spent` changes.',
        params: campaignParams,
        headers: revisionHeaders,
        body: updateCampaignBody,
        response: {
          200: campaignSchema,
          400: problemSchema,
          404: problemSchema,
          409: problemSchema,
          412: problemSchema,
        },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { name, ...given } = request.body;
      demandAccounts(caller, given.account_ids);
      return change(needs, request, 'campaign.updated', async (tx, row, by, at) => {
        await demandKnown(tx, row.workspace_id, given);
        if (!isCapAlone(row.settings, request.body)) moves.demandState(row, ['draft'], 'change');
        const asked = request.headers['if-match'];
        if (asked !== undefined && asked !== `"${row.revision}"`) throw problem('campaign_changed');
        const settings = merged(row.settings, given);
        await store.changeSettings(tx, row.id, { name: name ?? row.name, settings, by });
        if (row.asked_by || row.approved_by) await noteSaid(tx, row, { kind: 'changed', by, at });
        return { fields: Object.keys(request.body) };
      });
    },
  );

  app.delete(
    '/api/v1/campaigns/:id',
    {
      config: { permission: 'campaigns.manage' },
      schema: {
        tags,
        operationId: 'deleteCampaign',
        summary: 'Delete a draft',
        params: campaignParams,
        response: { 204: z.null().meta({ description: 'The draft is gone.' }), 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      await db.within(caller).transaction(async tx => {
        const row = await foundCampaign(tx, caller.workspaceId, request.params.id, 'update');
        moves.demandState(row, ['draft'], 'delete');
        await store.deleteCampaign(tx, row.id);
        const target = { kind: 'campaign', id: row.id };
        await audit(tx, actorOf(request), { action: 'campaign.deleted', target, detail: { name: row.name } });
      });
      return reply.code(204).send(null);
    },
  );

  const act = (verb: string, permission: Permission, operationId: string, summary: string) => ({
    url: `/api/v1/campaigns/:id/${verb}`,
    options: {
      config: { permission },
      schema: {
        tags,
        operationId,
        summary,
        params: campaignParams,
        response: { 200: campaignSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
  });

  const starting = act('start', 'campaigns.start', 'startCampaign', 'Start a campaign, or schedule it');
  app.post(
    starting.url,
    {
      ...starting.options,
      schema: { ...starting.options.schema, body: startCampaignBody },
      preValidation: bodyMayLack,
    },
    async request => {
      const caller = callerOf(request);
      return change(needs, request, 'campaign.started', async (tx, row, by, at) => {
        demandAccounts(caller, row.settings.account_ids);
        const above = await store.approvalAbove(tx, row.workspace_id);
        const people = above === null ? 0 : await sizeOf(tx, row, above + 1);
        await moves.start(tx, row, {
          by,
          at,
          isNow: request.body.now ?? false,
          people,
          scope: caller.accounts ?? null,
        });
        return { now: request.body.now ?? false };
      });
    },
  );

  const plain = [
    [
      act(
        'unschedule',
        'campaigns.start',
        'unscheduleCampaign',
        'Take a campaign back to a draft that is scheduled, or waits for an approval',
      ),
      'campaign.unscheduled',
      moves.unschedule,
    ],
    [
      act('resume', 'campaigns.start', 'resumeCampaign', 'Resume a paused or held campaign'),
      'campaign.resumed',
      moves.resume,
    ],
  ] as const;
  for (const [route, action, move] of plain)
    app.post(route.url, route.options, request =>
      change(needs, request, action, async (tx, row, _by, at) => {
        await move(tx, row, at);
        return {};
      }),
    );

  const noted = [
    [
      act('pause', 'campaigns.start', 'pauseCampaign', 'Pause a campaign; nothing is lost'),
      'campaign.paused',
      moves.pause,
    ],
    [
      act('cancel', 'campaigns.start', 'cancelCampaign', 'Cancel what has not begun'),
      'campaign.cancelled',
      moves.cancel,
    ],
  ] as const;
  for (const [route, action, move] of noted)
    app.post(
      route.url,
      { ...route.options, schema: { ...route.options.schema, body: campaignNoteBody }, preValidation: bodyMayLack },
      request =>
        change(needs, request, action, async (tx, row, _by, at) => {
          await move(tx, row, request.body.note ?? null, at);
          return {};
        }),
    );
}

const whoOf = ({ kind, id, name }: Caller): Who => ({ kind, id, name: name ?? null });

/** Changes a locked campaign, with its audit entry, and shows it. Its lane looks at once. */
export async function change(
  needs: CampaignNeeds,
  request: FastifyRequest<{ Params: { id: string } }>,
  action: string,
  work: (tx: Queryable, row: CampaignRow, by: Who, at: Date) => Promise<Record<string, unknown>>,
): Promise<Campaign> {
  const caller = callerOf(request);
  const mine = needs.db.within(caller);
  const shown = await mine.transaction(async tx => {
    const row = await foundCampaign(tx, caller.workspaceId, request.params.id, 'update');
    const detail = await work(tx, row, whoOf(caller), new Date(needs.clock.now()));
    await audit(tx, actorOf(request), { action, target: { kind: 'campaign', id: row.id }, detail });
    return presentOne(needs, tx, await foundCampaign(tx, caller.workspaceId, request.params.id));
  });
  needs.wake(toUuid(shown.id));
  return shown;
}
