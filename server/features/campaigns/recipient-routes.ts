// The recipients of a campaign over HTTP: list and export.
import {
  type CampaignRecipient,
  exportRecipientsQuery,
  listRecipientsQuery,
  problemSchema,
  recipientPage,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { csvFile, exportedAtOnce } from '../../kit/http/csv-file.ts';
import { type Caller, callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import {
  countRecipients,
  findRecipients,
  listRecipients,
  type RecipientFilter,
  type RecipientRow,
} from './recipients-store.ts';
import { campaignParams, foundCampaign } from './routes.ts';

const present = (row: RecipientRow): CampaignRecipient => ({
  contact_id: toId('contact', row.contact_id),
  name: row.name,
  phone: row.phone,
  state: row.state,
  reason: row.reason,
  account_id: row.account_id && toId('account', row.account_id),
  variant: row.variant,
  wave: row.state === 'left_out' ? null : row.wave,
  due_at: row.state === 'waiting' ? row.due_at.toISOString() : null,
  message_id: row.message_id && toId('message', row.message_id),
  replied: row.reply_kind,
  reply_message_id: row.reply_message_id && toId('message', row.reply_message_id),
  replied_at: row.replied_at?.toISOString() ?? null,
  opted_out_at: row.opted_out_at?.toISOString() ?? null,
  updated_at: row.changed_at?.toISOString() ?? null,
});

const filterOf = (query: z.output<typeof exportRecipientsQuery>, { reader }: Caller): RecipientFilter => ({
  states: query.state,
  reason: query.reason,
  accountId: query.account_id && toUuid(query.account_id),
  replied: query.replied,
  isOfReader: reader && true,
});

const head = [
  'contact_id',
  'name',
  'phone',
  'state',
  'reason',
  'account_id',
  'variant',
  'wave',
  'due_at',
  'message_id',
  'replied',
  'reply_message_id',
  'replied_at',
  'opted_out_at',
  'updated_at',
] as const;

export function recipientRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  const tags = ['Campaigns'];

  app.get(
    '/api/v1/campaigns/:id/recipients',
    {
      config: { permission: 'campaigns.read' },
      schema: {
        tags,
        operationId: 'listCampaignRecipients',
        summary: 'List who gets a campaign, and who was left out',
        params: campaignParams,
        querystring: listRecipientsQuery,
        response: { 200: recipientPage, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.listsWithin(caller);
      const { id } = await foundCampaign(mine, caller.workspaceId, request.params.id);
      const page = pageRequest(request);
      const filter = filterOf(request.query, caller);
      const found = await findRecipients(mine, id, filter);
      const rows = await listRecipients(mine, found, page);
      const total = await countRecipients(mine, found);
      return toPage(rows, page, total, present, row => [String(row.number)]);
    },
  );

  app.get(
    '/api/v1/campaigns/:id/recipients/export',
    {
      config: { permission: 'contacts.export' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportCampaignRecipients',
        summary: 'Export the recipients of a campaign as a CSV file',
        description: 'An apostrophe disarms texts that look like formulas.',
        produces: ['text/csv'],
        params: campaignParams,
        querystring: exportRecipientsQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const { id } = await foundCampaign(mine, caller.workspaceId, request.params.id);
      const target = { kind: 'campaign', id };
      const detail = { ...request.query };
      await mine.transaction(tx => audit(tx, actorOf(request), { action: 'campaign.exported', target, detail }));
      const filter = filterOf(request.query, caller);
      const reads = db.readsWithin(caller);
      return csvFile(reply, 'recipients.csv', head, async after => {
        const limit = exportedAtOnce;
        const found = await findRecipients(reads, id, filter);
        const rows = await listRecipients(reads, found, { limit, offset: 0, after });
        const shown = rows.slice(0, limit).map(present);
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        return { lines: shown.map(row => head.map(column => row[column])), after: last && [String(last.number)] };
      });
    },
  );
}
