// The rows of imports over HTTP: what becomes of them, the bad ones as a file, and mending one.
import {
  csvLine,
  idSchema,
  importPreviewSchema,
  importRowPage,
  importRowSchema,
  importSchema,
  listImportRowsQuery,
  mendImportRowBody,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import type { Queryable } from '../../kit/db/database.ts';
import { sendExport } from '../../kit/http/csv-file.ts';
import { callerOf, demandEveryAccount, invalid, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { readerFor } from './checked-rows.ts';
import { problem } from './errors.ts';
import { delimiterOf } from './file.ts';
import { demandState, found, type ImportNeeds, locked } from './find-import.ts';
import { factsOf, type ImportRowOfTable, presentImport, presentRow } from './import.ts';
import * as rowStore from './row-store.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('contact_import') });
const rowParams = z.strictObject({
  id: idSchema('contact_import'),
  row: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, { error: 'Must be the number of a row.' })
    .transform(Number)
    .meta({ type: 'integer', pattern: undefined, minimum: 1, description: 'The number of the row.' }),
});
const tags = ['Imports'];
const permission = 'contacts.import' as const;
const previewed = 20;
const rowsAtOnce = 1_000;
const suggestionsAtOnce = 10_000;

/** The lines of the bad rows in the format of their file, with what is wrong in one more column. */
async function* badLines(db: Queryable, row: ImportRowOfTable): AsyncGenerator<string> {
  const delimiter = delimiterOf[factsOf(row).delimiter];
  // Spreadsheets take the file for UTF-8 by this mark.
  yield '\ufeff';
  if (factsOf(row).header) yield csvLine([...row.columns.map(({ name }) => name ?? ''), 'error'], delimiter);
  for (let after = 0; ; ) {
    const rows = await rowStore.badRows(db, row.id, after, rowsAtOnce);
    const last = rows.at(-1);
    if (!last) return;
    const width = row.columns.length;
    const padded = (cells: readonly string[]) => Array.from({ length: width }, (_, at) => cells[at] ?? '');
    yield rows.map(({ cells, message }) => csvLine([...padded(cells ?? []), message ?? ''], delimiter)).join('');
    after = last.number;
  }
}

export function importRowRoutes(app: Server, { db }: ImportNeeds): void {
  app.post(
    '/api/v1/imports/:id/take-suggestions',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'takeImportSuggestions',
        summary: 'Take all certain suggestions of an import that is ready',
        description:
          'Each invalid row gets the number of its `suggestion`, as if you had mended it. Numbers with several readings stay.',
        params,
        response: { 200: importSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const mine = db.within(caller);
      const { id } = request.params;
      for (let taken = suggestionsAtOnce; taken === suggestionsAtOnce; )
        taken = await mine.transaction(async tx => {
          const row = await locked(tx, caller.workspaceId, id);
          demandState(row, ['ready']);
          const some = await rowStore.takeSuggestions(tx, row.id, suggestionsAtOnce);
          await store.recount(tx, row.id);
          if (some < suggestionsAtOnce) await store.tell(tx, row.id, 'import.checked');
          return some;
        });
      return presentImport(await found(mine, caller.workspaceId, id));
    },
  );

  app.get(
    '/api/v1/imports/:id/preview',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'previewImport',
        summary: 'Show the first 20 rows as they will be',
        params,
        response: { 200: importPreviewSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const mine = db.within(caller);
      const { id } = await found(mine, caller.workspaceId, request.params.id);
      const page = { limit: previewed, offset: 0, after: undefined };
      const { rows } = await rowStore.listRows(mine, id, {}, page);
      return { data: rows.slice(0, previewed).map(presentRow) };
    },
  );

  app.get(
    '/api/v1/imports/:id/rows',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'listImportRows',
        summary: 'List the rows of an import, with what becomes of them',
        params,
        querystring: listImportRowsQuery,
        response: { 200: importRowPage, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { id } = await found(db.within(caller), caller.workspaceId, request.params.id);
      const page = pageRequest(request);
      const { rows, total } = await rowStore.listRows(db.listsWithin(caller), id, request.query, page);
      return toPage(rows, page, total, presentRow, row => [String(row.number)]);
    },
  );

  app.get(
    '/api/v1/imports/:id/bad-rows',
    {
      config: { permission },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportBadImportRows',
        summary: 'Export the bad rows of an import as a CSV file',
        description: 'In the format of the file, with the column `error`. Mend the rows there, and upload it.',
        produces: ['text/csv'],
        params,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const mine = db.within(caller);
      const row = await found(mine, caller.workspaceId, request.params.id);
      reply
        .type('text/csv; charset=utf-8; header=present')
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', 'attachment; filename="bad-rows.csv"');
      return sendExport(reply, badLines(mine, row));
    },
  );

  app.patch(
    '/api/v1/imports/:id/rows/:row',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'mendImportRow',
        summary: 'Mend a bad row of an import that is ready',
        params: rowParams,
        body: mendImportRowBody,
        response: { 200: importRowSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { row: number } = request.params;
      return db.within(caller).transaction(async tx => {
        const { id } = await found(tx, workspaceId, request.params.id);
        const row = await store.lockImport(tx, workspaceId, id);
        if (!row) throw problem('import_not_found');
        demandState(row, ['ready']);
        const before = await rowStore.findRow(tx, id, number);
        if (before?.fate !== 'invalid' || !before.cells)
          throw problem('import_row_not_found', 'There is no bad row with this number.');
        const cells = Array.from(
          { length: Math.max(row.columns.length, before.cells.length) },
          (_, at) => before.cells?.[at] ?? '',
        );
        for (const [at, { column, value }] of request.body.cells.entries()) {
          if (column > cells.length)
            throw invalid(`cells[${at}].column`, `Must be at most ${cells.length}: the row has no more cells.`);
          cells[column - 1] = value;
        }
        const { read, labels } = await readerFor(tx, row, { already: row.new_labels });
        await rowStore.storeRows(tx, workspaceId, id, [{ ...read(cells, number), mended: true, cells }]);
        const fresh = labels.fresh();
        await store.addLabels(tx, id, labels.used(), fresh);
        await store.recount(tx, id);
        const after = await rowStore.findRow(tx, id, number);
        if (!after) throw problem('import_row_not_found');
        return presentRow(after);
      });
    },
  );
}
