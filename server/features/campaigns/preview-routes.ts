// Looking at a campaign before it starts, over HTTP: the outlook, the message of a person, and tests.
import {
  type CampaignPreview,
  campaignOutlookSchema,
  campaignPreviewQuery,
  campaignPreviewSchema,
  campaignTestSchema,
  problemSchema,
  type SendMessageBody,
  testCampaignBody,
} from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import { AppError } from '../../kit/errors.ts';
import { presenterFor } from '../../kit/http/masking.ts';
import { callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { contactProblem } from '../contacts/index.ts';
import type { Accepting } from '../messages/index.ts';
import { type Audience, audienceOf } from './audience-store.ts';
import type { CampaignRow } from './campaign.ts';
import { problem } from './errors.ts';
import { type Facts, type Listed, type ListRules, listed } from './list-rules.ts';
import { readPage, readPerson } from './list-store.ts';
import { listRules, outlookOf } from './outlook.ts';
import { demandContacts } from './readiness-store.ts';
import { type CampaignNeeds, campaignParams, foundCampaign } from './routes.ts';
import { type Person, render, textOf, variableValue } from './values.ts';

export interface PreviewNeeds extends CampaignNeeds {
  accepting: Pick<Accepting, 'accept' | 'check'>;
  hasWindow: (channel: string) => boolean;
}

/** How many people of the audience a preview picks from. */
const pickedFrom = 200;

const personOf = (facts: Facts, row: Listed, { accounts }: ListRules): Person => ({
  ...facts,
  zone: row.zone,
  accountName: accounts.find(({ id }) => id === row.accountId)?.name ?? '',
});

/** How much of the message of a person is their own: the length of its texts, and how many variables have a value. */
function weightOf(campaign: CampaignRow, person: Person, row: Listed, now: number) {
  const message = campaign.settings.variants[row.variant ?? 0]?.message;
  const own = Object.values(message?.variables ?? {}).map(each =>
    variableValue({ ...each, fallback: undefined }, person, now),
  );
  return {
    length: own.reduce((sum, value) => sum + (value?.length ?? 0), 0),
    values: own.filter(value => value !== undefined).length,
  };
}

export function previewRoutes(app: Server, { db, clock, accepting, hasWindow }: PreviewNeeds): void {
  const tags = ['Campaigns'];

  app.post(
    '/api/v1/campaigns/:id/check',
    {
      config: { permission: 'campaigns.read' },
      schema: {
        tags,
        operationId: 'checkCampaign',
        summary: 'Show what would happen if a campaign started now; nothing is stored',
        params: campaignParams,
        response: { 200: campaignOutlookSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.listsWithin(caller, caller.id);
      const campaign = await foundCampaign(mine, caller.workspaceId, request.params.id);
      return outlookOf({ db: mine, clock, hasWindow }, campaign, caller.accounts ?? null);
    },
  );

  app.get(
    '/api/v1/campaigns/:id/preview',
    {
      config: { permission: 'campaigns.read' },
      schema: {
        tags,
        operationId: 'previewCampaign',
        summary: 'Show the message that one person would get',
        params: campaignParams,
        querystring: campaignPreviewQuery,
        response: { 200: campaignPreviewSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request): Promise<CampaignPreview> => {
      const caller = callerOf(request);
      const mine = db.listsWithin(caller);
      const { contact_id: asked, pick = 'first', variant } = request.query;
      const campaign = await foundCampaign(mine, caller.workspaceId, request.params.id);
      const found = await listRules({ db: mine, clock, hasWindow }, campaign);
      if (!found) throw problem('campaign_not_ready', 'Give the campaign an account and a message first.');
      const reading = { isMarketing: found.isMarketing, now: clock.sqlNow() };
      const audience = await audienceOf(mine, campaign, caller.accounts ?? null, new Date(clock.now()));
      const people = asked
        ? await readPerson(mine, campaign, audience, toUuid(asked), reading)
        : await firstPeople(mine, campaign, audience, reading);
      const rows = people.map(facts => ({ facts, row: listed(facts, found.rules) }));
      const getting = rows.filter(({ row }) => row.reason === null);
      const from = asked || getting.length === 0 ? rows : getting;
      const now = clock.now();
      const weighed = from.map(each => ({
        ...each,
        weight: weightOf(campaign, personOf(each.facts, each.row, found.rules), each.row, now),
      }));
      if (pick === 'longest') weighed.sort((left, right) => right.weight.length - left.weight.length);
      if (pick === 'emptiest') weighed.sort((left, right) => left.weight.values - right.weight.values);
      const [chosen] = weighed;
      if (!chosen)
        throw invalid(asked ? 'contact_id' : 'include', asked ? 'Contact not found.' : 'Nobody is in the audience.');
      const { facts, row } = chosen;
      const place = variant === undefined ? (row.variant ?? 0) : Number(variant);
      const message = campaign.settings.variants[place]?.message;
      if (!message) throw invalid('variant', 'The campaign has no such variant.');
      const language = row.language ?? message.template?.language.code ?? null;
      // A variable may be the number.
      const person = presenterFor(caller).shown(personOf(facts, row, found.rules));
      const rendered = render(message, person, language, now);
      const base = {
        contact_id: toId('contact', facts.contactId),
        name: facts.name,
        variant: row.variant,
        language,
        account_id: row.accountId && toId('account', row.accountId),
        due_at: row.reason === null ? new Date(row.dueAt).toISOString() : null,
        reason: row.reason,
      };
      if ('missing' in rendered)
        return {
          ...base,
          content: null,
          text: null,
          problem: `The person has no value for ${rendered.missing}, and it has no fallback.`,
        };
      const body = {
        ...rendered.content,
        account_id: toId('account', row.accountId ?? ''),
        contact_id: base.contact_id,
      } as SendMessageBody;
      try {
        const { content } = await accepting.check(caller, body);
        return { ...base, content: { ...rendered.content }, text: textOf(content), problem: null };
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        return { ...base, content: { ...rendered.content }, text: null, problem: error.detail };
      }
    },
  );

  app.post(
    '/api/v1/campaigns/:id/test',
    {
      config: { permission: 'campaigns.manage' },
      schema: {
        tags,
        operationId: 'testCampaign',
        summary: 'Send the message to chosen people; it does not count for the campaign',
        params: campaignParams,
        body: testCampaignBody,
        response: { 200: campaignTestSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const { contact_ids: ids, values_of: valuesOf, variant = 0 } = request.body;
      const campaign = await foundCampaign(mine, caller.workspaceId, request.params.id);
      await demandContacts(mine, caller.workspaceId, place => `contact_ids[${place}]`, ids);
      if (valuesOf !== undefined) await demandContacts(mine, caller.workspaceId, () => 'values_of', [valuesOf]);
      const found = await listRules({ db: mine, clock, hasWindow }, campaign);
      const message = campaign.settings.variants[variant]?.message;
      if (!found || !message)
        throw problem('campaign_not_ready', 'Give the campaign an account and this variant first.');
      const reading = { isMarketing: found.isMarketing, now: clock.sqlNow() };
      const audience = await audienceOf(mine, campaign, caller.accounts ?? null, new Date(clock.now()));
      const messages = [];
      for (const id of ids) {
        const [own] = await readPerson(mine, campaign, audience, toUuid(id), reading);
        const [values] = valuesOf ? await readPerson(mine, campaign, audience, toUuid(valuesOf), reading) : [own];
        if (!own || !values) throw contactProblem('contact_not_found');
        const row = listed(own, found.rules);
        const language = message.template?.language.code ?? null;
        const rendered = render(message, personOf(values, row, found.rules), language, clock.now());
        if ('missing' in rendered) {
          messages.push({
            contact_id: id,
            message_id: null,
            problem: `There is no value for ${rendered.missing}, and it has no fallback.`,
          });
          continue;
        }
        const body = {
          ...rendered.content,
          account_id: toId('account', row.accountId ?? ''),
          contact_id: id,
        } as SendMessageBody;
        try {
          const { message: sent } = await accepting.accept(caller, body);
          messages.push({ contact_id: id, message_id: sent.id, problem: null });
        } catch (error) {
          if (!(error instanceof AppError) || error.status >= 500) throw error;
          messages.push({ contact_id: id, message_id: null, problem: error.detail });
        }
      }
      await mine.transaction(async tx => {
        const target = { kind: 'campaign', id: campaign.id };
        await audit(tx, actorOf(request), { action: 'campaign.tested', target, detail: { messages: ids.length } });
      });
      return { messages };
    },
  );

  /** The first people of the audience. */
  async function firstPeople(
    mine: ReturnType<typeof db.listsWithin>,
    campaign: CampaignRow,
    audience: Audience,
    reading: { isMarketing: boolean; now: Date | null },
  ): Promise<Facts[]> {
    const people: Facts[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10 && people.length < pickedFrom; page++) {
      const read = await readPage(mine, { ...campaign, frozen_to: after }, audience, {
        ...reading,
        most: 2_000,
      });
      people.push(...read.people);
      after = read.last;
      if (after === null) break;
    }
    return people.slice(0, pickedFrom);
  }
}
