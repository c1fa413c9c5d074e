// The list of contacts over HTTP, and its export.
import {
  type Contact,
  type ContactSort,
  contactPage,
  exportContactsQuery,
  listContactsQuery,
  problemSchema,
} from '@recado/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { csvFile, exportedAtOnce } from '../../kit/http/csv-file.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';
import { type Realm, realmOf } from '../segments/index.ts';
import { presentContact, sourcesOf } from './contact.ts';
import { readFilter } from './contact-filter.ts';
import { listFields } from './field-store.ts';
import { type ContactFilter, listContacts, sortValuesOf } from './list-store.ts';
import { namesOf } from './store.ts';

const shownColumns = [
  'id',
  'name',
  'phone',
  'country',
  'language',
  'reference',
  'labels',
  'opted_out',
  'last_message_at',
  'created_at',
] as const;

const cellOf = (contact: Contact, column: (typeof shownColumns)[number]): string | null =>
  column === 'labels' ? contact.labels.map(({ name }) => name).join('; ') : contact[column];

/** Sends all contacts that fit. */
async function exported(reply: FastifyReply, db: Queryable, realm: Realm, filter: ContactFilter): Promise<never> {
  const keys = (await listFields(db, realm.workspaceId)).map(({ key }) => key);
  const wanted = { filter, sort: 'created' as const };
  const line = (contact: Contact) => [
    ...shownColumns.map(column => cellOf(contact, column)),
    // Each is quoted, numbers too: their digits are not for a spreadsheet to round.
    ...keys.map(key => contact.fields[key]?.toString() ?? null),
  ];
  return csvFile(reply, 'contacts.csv', [...shownColumns, ...keys.map(key => `fields.${key}`)], async after => {
    const { rows } = await listContacts(db, realm, wanted, { limit: exportedAtOnce, offset: 0, after });
    const shown = rows.slice(0, exportedAtOnce);
    const last = rows.length > exportedAtOnce ? shown.at(-1) : undefined;
    return {
      lines: shown.map(row => line(presentContact(row, new Map()))),
      after: last && sortValuesOf('created')(last),
    };
  });
}

export function contactListRoutes(app: Server, { db, clock }: { db: ScopedDatabase; clock: Clock }): void {
  const tags = ['Contacts'];

  app.get(
    '/api/v1/contacts',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags,
        operationId: 'listContacts',
        summary: 'List and search contacts',
        querystring: listContactsQuery,
        response: { 200: contactPage, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const sort: ContactSort = request.query.sort ?? 'created';
      const lists = db.listsWithin(caller);
      const realm = realmOf(caller, clock);
      const filter = await readFilter(lists, realm, request.query);
      const { rows, total } = await listContacts(lists, realm, { filter, sort }, page);
      const names = await namesOf(lists, sourcesOf(rows));
      return toPage(rows, page, total, row => presentContact(row, names), sortValuesOf(sort));
    },
  );

  app.get(
    '/api/v1/contacts/export',
    {
      config: { permission: 'contacts.export' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportContacts',
        summary: 'Export contacts as a CSV file',
        description:
          'The filters are those of the list. Each of your fields is a column. An apostrophe disarms texts that look like formulas.',
        produces: ['text/csv'],
        querystring: exportContactsQuery,
        response: {
          200: z.string().meta({ description: 'The lines of the file, the newest contact first.' }),
          400: problemSchema,
          404: problemSchema,
          429: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const mine = db.within(caller);
      const realm = realmOf(caller, clock);
      const filter = await readFilter(mine, realm, request.query);
      // The names of the filters only: their values may be a number or a name.
      const detail = { filters: Object.keys(request.query) };
      await mine.transaction(tx => audit(tx, actorOf(request), { action: 'contacts.exported', detail }));
      return exported(reply, db.readsWithin(caller), realm, filter);
    },
  );
}
