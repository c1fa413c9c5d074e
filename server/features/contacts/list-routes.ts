// The list of contacts over HTTP, and its export.
import { Readable } from 'node:stream';
import {
  type Contact,
  type ContactSort,
  contactPage,
  csvLine,
  exportContactsQuery,
  listContactsQuery,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';
import { type Realm, realmOf } from '../segments/index.ts';
import { presentContact, sourcesOf } from './contact.ts';
import { readFilter } from './contact-filter.ts';
import { listFields } from './field-store.ts';
import { type ContactFilter, listContacts, sortValuesOf } from './list-store.ts';
import { namesOf } from './store.ts';

const rowsAtOnce = 1_000;

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

async function* exportLines(db: Queryable, realm: Realm, filter: ContactFilter): AsyncGenerator<string> {
  const keys = (await listFields(db, realm.workspaceId)).map(({ key }) => key);
  yield csvLine([...shownColumns, ...keys.map(key => `fields.${key}`)]);
  const wanted = { filter, sort: 'created' as const };
  let after: string[] | undefined;
  for (;;) {
    const { rows } = await listContacts(db, realm, wanted, { limit: rowsAtOnce, offset: 0, after });
    const shown = rows.slice(0, rowsAtOnce);
    const line = (contact: Contact) => [
      ...shownColumns.map(column => cellOf(contact, column)),
      // Each is quoted, numbers too: their digits are not for a spreadsheet to round.
      ...keys.map(key => contact.fields[key]?.toString() ?? null),
    ];
    yield shown.map(row => csvLine(line(presentContact(row, new Map())))).join('');
    const last = shown.at(-1);
    if (!last || rows.length <= rowsAtOnce) return;
    after = sortValuesOf('created')(last);
  }
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
      const lines = exportLines(db.readsWithin(caller), realm, filter);
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', 'attachment; filename="contacts.csv"')
        .send(Readable.from(lines, { objectMode: false, encoding: 'utf8' }) as never);
    },
  );
}
