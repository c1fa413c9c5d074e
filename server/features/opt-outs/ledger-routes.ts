// The ledger over HTTP: list, export, and add a consent.
import {
  createConsentBody,
  exportLedgerQuery,
  idempotencyHeaders,
  type LedgerEntry,
  ledgerEntrySchema,
  ledgerPage,
  listLedgerQuery,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, Scope } from '../../kit/db/database.ts';
import { csvFile } from '../../kit/http/csv-file.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { demandNumbers } from '../../kit/http/masking.ts';
import {
  callerOf,
  demandEveryAccount,
  invalid,
  pageRequest,
  type Server,
  sendKept,
  toPage,
} from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { readPhone } from '../contacts/index.ts';
import * as store from './ledger-store.ts';
import type { OptOutNeeds } from './needs.ts';
import { causeOf, namedContact } from './person.ts';

const proofOf = ({ message_id: message, word, ...proof }: store.LedgerRow['proof']) => {
  const { opt_out_suggestion_id: suggestion, contact_import_id: contactImport } = proof;
  return {
    ...(message !== undefined && { message_id: toId('message', message) }),
    ...(word !== undefined && { word }),
    ...(suggestion !== undefined && { opt_out_suggestion_id: toId('opt_out_suggestion', suggestion) }),
    ...(contactImport !== undefined && { contact_import_id: toId('contact_import', contactImport) }),
  };
};

const present = (row: store.LedgerRow): LedgerEntry => ({
  id: toId('opt_out_ledger', row.id),
  at: row.at.toISOString(),
  contact_id: row.contact_id === null ? null : toId('contact', row.contact_id),
  phone: row.phone,
  address_hashes: row.hashes,
  kind: row.kind,
  category: row.category,
  source: row.source,
  account_id: row.account_id === null ? null : toId('account', row.account_id),
  proof: proofOf(row.proof),
  actor:
    row.actor_kind === null || row.created_by === null
      ? null
      : { kind: row.actor_kind, id: toId(row.actor_kind, row.created_by) },
  reason: row.reason,
  legal_basis: row.legal_basis,
  wording: row.wording,
  given_at: row.given_at?.toISOString() ?? null,
});

const columns = [
  ...['id', 'at', 'contact_id', 'phone', 'address_hashes', 'kind', 'category', 'source', 'account_id'],
  ...['message_id', 'word', 'suggestion_id', 'actor_id', 'reason', 'legal_basis', 'wording', 'given_at'],
];

function cellsOf(row: store.LedgerRow): (string | null)[] {
  const { proof, actor, address_hashes: hashes, ...entry } = present(row);
  return [
    ...[entry.id, entry.at, entry.contact_id, entry.phone, hashes.join(' '), entry.kind, entry.category, entry.source],
    ...[entry.account_id, proof.message_id ?? null, proof.word ?? null, proof.opt_out_suggestion_id ?? null],
    ...[actor?.id ?? null, entry.reason, entry.legal_basis, entry.wording, entry.given_at],
  ];
}

async function filterOf(
  db: Queryable,
  { workspaceId }: Scope,
  query: z.output<typeof exportLedgerQuery>,
): Promise<store.LedgerFilter> {
  return {
    contactId: query.contact_id && toUuid(query.contact_id),
    phone: query.to === undefined ? undefined : await readPhone(db, workspaceId, query.to, 'to'),
    kind: query.kind,
    source: query.source,
    from: query.from,
    until: query.until,
  };
}

const tags = ['Opt-outs'];

export function ledgerRoutes(app: Server, { db, clock }: OptOutNeeds): void {
  app.get(
    '/api/v1/opt-outs/ledger',
    {
      config: { permission: 'opt_outs.read' },
      schema: {
        tags,
        operationId: 'listOptOutLedger',
        summary: 'List the ledger: opt-outs, their ends and consents, newest first',
        description: 'Recado only adds to the ledger. After an erasure, hashes take the place of the contact.',
        querystring: listLedgerQuery,
        response: { 200: ledgerPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const lists = db.listsWithin(caller);
      const filter = await filterOf(lists, caller, request.query);
      const { rows, total } = await store.listLedger(lists, caller.workspaceId, filter, page);
      return toPage(rows, page, total, present, row => [String(row.seq)]);
    },
  );

  app.get(
    '/api/v1/opt-outs/ledger/export',
    {
      config: { permission: 'opt_outs.read' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportOptOutLedger',
        summary: 'Export the ledger as a CSV file',
        description: 'An apostrophe disarms texts that look like formulas.',
        produces: ['text/csv'],
        querystring: exportLedgerQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandNumbers(caller);
      const mine = db.within(caller);
      const filter = await filterOf(mine, caller, request.query);
      // Not the number: the audit log has none.
      const { to, ...detail } = request.query;
      await mine.transaction(tx =>
        audit(tx, actorOf(request), {
          action: 'opt_out_ledger.exported',
          detail: { ...detail, ...(to !== undefined && { by_number: true }) },
        }),
      );
      const reads = db.readsWithin(caller);
      return csvFile(reply, 'opt-out-ledger.csv', columns, async after => {
        const page = { limit: 1_000, offset: 0, after };
        const { rows } = await store.listLedger(reads, caller.workspaceId, filter, page);
        const shown = rows.slice(0, page.limit);
        const next = rows.length > page.limit ? shown.at(-1)?.seq : undefined;
        return { lines: shown.map(cellsOf), after: next === undefined ? undefined : [String(next)] };
      });
    },
  );

  app.post(
    '/api/v1/consents',
    {
      config: { permission: 'opt_outs.manage' },
      schema: {
        tags,
        operationId: 'createConsent',
        summary: 'Record that a person agreed to messages',
        description:
          'Recado adds an entry to the ledger. An opt-out stays: remove it with `DELETE /api/v1/opt-outs/:id`, if the person agrees.',
        headers: idempotencyHeaders,
        body: createConsentBody,
        response: { 201: ledgerEntrySchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { contact_id: contactId, to, category = 'marketing', given_at: givenAt, reason, wording } = request.body;
      if (givenAt !== undefined && Date.parse(givenAt) > clock.now())
        throw invalid('given_at', 'Must not be in the future.');
      const mine = db.within(caller);
      const phone = to === undefined ? undefined : await readPhone(mine, workspaceId, to, 'to');
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'consents.create', key, body: { ...request.body, to: phone } };
      const answer = await idempotently(mine, keyed, async tx => {
        const contact = await namedContact(tx, workspaceId, { contactId, phone });
        const row = await store.addConsent(tx, workspaceId, {
          ...{ contactId: contact, category, legalBasis: request.body.legal_basis, wording, reason, givenAt },
          ...{ by: causeOf(caller).by, at: new Date(clock.now()) },
        });
        if (!row) throw new Error('the consent is not there');
        await audit(tx, actorOf(request), {
          action: 'consent.created',
          target: { kind: 'opt_out_ledger', id: row.id },
          detail: { contact_id: toId('contact', contact), category },
        });
        return { status: 201, body: present(row) };
      });
      return sendKept(reply, answer);
    },
  );
}
