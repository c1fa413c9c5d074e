// Imports over HTTP.
import multipart from '@fastify/multipart';
import {
  type Import,
  idempotencyHeaders,
  idSchema,
  importPage,
  importSchema,
  listImportsQuery,
  pastedImportBody,
  problemSchema,
  updateImportBody,
  uploadImportBody,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { contactProblem, labelsNamed, oneAtATime } from '../contacts/index.ts';
import { changed, readsAnew } from './change.ts';
import { problem } from './errors.ts';
import { demandState, found, type ImportNeeds, locked } from './find-import.ts';
import { type ImportRowOfTable, presentImport, undoUntil } from './import.ts';
import { importRowRoutes } from './row-routes.ts';
import { removeRows } from './row-store.ts';
import { sampleRoute } from './sample.ts';
import * as store from './store.ts';
import { takeImport } from './upload.ts';

const params = z.strictObject({ id: idSchema('contact_import') });
const tags = ['Imports'];
const permission = 'contacts.import' as const;
/** The most bytes of a body with pasted lines. */
const largestPasted = 2 * 1024 * 1024;
/** How long we keep reading a rejected upload, so that its sender gets to read the response. */
const lingerMs = 5_000;

export async function importRoutes(app: Server, needs: ImportNeeds): Promise<void> {
  // In its own scope: no other route accepts forms.
  await app.register(async scope => {
    await scope.register(multipart);
    addUpload(scope as Server, needs);
  });
  sampleRoute(app, needs);
  addReading(app, needs);
  addActions(app, needs);
  importRowRoutes(app, needs);
}

function addUpload(app: Server, needs: ImportNeeds): void {
  app.post(
    '/api/v1/imports',
    {
      config: { permission, slowBody: true },
      bodyLimit: largestPasted,
      schema: {
        tags,
        operationId: 'createImport',
        summary: 'Upload a CSV file of contacts',
        description:
          'Send the file in the field `file` of a form, or pasted lines as JSON. Recado finds out the encoding, the delimiter and the columns. Nothing is imported before you run the import.',
        headers: idempotencyHeaders,
        body: {
          content: {
            'multipart/form-data': { schema: uploadImportBody },
            'application/json': { schema: pastedImportBody },
          },
        },
        response: { 201: importSchema, 400: problemSchema, 409: problemSchema, 413: problemSchema },
      },
    },
    async (request, reply) => {
      demandEveryAccount(callerOf(request));
      const key = request.headers['idempotency-key'];
      if (request.isMultipart()) {
        const answer = await takeImport(needs, request, key).catch(error => {
          linger(request);
          throw error;
        });
        return sendKept(reply, answer);
      }
      const body = pastedImportBody.safeParse(request.body);
      if (!body.success) throw commonProblem('unsupported_media_type', 'Send multipart/form-data or application/json.');
      return sendKept(reply, await takeImport(needs, request, key, body.data));
    },
  );
}

/** A sender that is still uploading would see a broken connection instead of the response. */
function linger({ raw }: FastifyRequest): void {
  if (raw.complete) return;
  raw.unpipe();
  raw.on('error', () => {});
  raw.resume();
  const timer = setTimeout(() => raw.destroy(), lingerMs).unref();
  raw.once('close', () => clearTimeout(timer));
}

function addReading(app: Server, { db }: ImportNeeds): void {
  app.get(
    '/api/v1/imports',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'listImports',
        summary: 'List imports, newest first',
        querystring: listImportsQuery,
        response: { 200: importPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const page = pageRequest(request);
      const { rows, total } = await store.listImports(db.listsWithin(caller), caller.workspaceId, page);
      return toPage(rows, page, total, presentImport, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/imports/:id',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'getImport',
        summary: 'Show an import',
        params,
        response: { 200: importSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      return presentImport(await found(db.within(caller), caller.workspaceId, request.params.id));
    },
  );
}

function addActions(app: Server, { db, clock, wake }: ImportNeeds): void {
  app.patch(
    '/api/v1/imports/:id',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'updateImport',
        summary: 'Say what the columns become, and check the rows',
        description: 'Each change checks all rows again. Nothing is imported before you run the import.',
        params,
        body: updateImportBody,
        response: { 200: importSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const mine = db.within(caller);
      const { workspaceId } = caller;
      const changeable = (row: ImportRowOfTable) => {
        demandState(row, ['uploaded', 'checking', 'ready']);
        if (!row.stored) throw problem('import_file_gone');
      };
      const before = await found(mine, workspaceId, request.params.id);
      changeable(before);
      const after = await changed(mine, before, request.body);
      await mine.transaction(async tx => {
        const row = await locked(tx, workspaceId, request.params.id);
        changeable(row);
        if (row.version !== before.version)
          throw problem('import_state', 'Somebody else changed the import meanwhile. Load it again, and repeat.');
        if (readsAnew(row, request.body)) await removeRows(tx, row.id, { mended: true });
        await store.beginCheck(tx, row.id, after);
      });
      wake('import', before.id);
      return presentImport(await found(mine, workspaceId, request.params.id));
    },
  );

  /** Adds an action on a locked import, which the audit log has. */
  const action = (
    name: 'run' | 'cancel' | 'undo',
    { operationId, summary, description }: { operationId: string; summary: string; description: string },
    act: (tx: Queryable, row: ImportRowOfTable) => Promise<string>,
  ): void => {
    app.post(
      `/api/v1/imports/:id/${name}`,
      {
        config: { permission },
        schema: {
          tags,
          operationId,
          summary,
          description,
          params,
          response: { 200: importSchema, 404: problemSchema, 409: problemSchema },
        },
      },
      async (request): Promise<Import> => {
        const caller = callerOf(request);
        demandEveryAccount(caller);
        const mine = db.within(caller);
        const { id } = request.params as z.output<typeof params>;
        await mine.transaction(async tx => {
          if (name === 'run') await oneAtATime(tx, caller.workspaceId);
          const row = await locked(tx, caller.workspaceId, id);
          const done = await act(tx, row);
          const detail = { rows: row.counts.rows ?? 0 };
          await audit(tx, actorOf(request), { action: done, target: { kind: 'contact_import', id: row.id }, detail });
        });
        wake('import', toUuid(id));
        return presentImport(await found(mine, caller.workspaceId, id));
      },
    );
  };

  action(
    'run',
    {
      operationId: 'runImport',
      summary: 'Run an import',
      description: 'Creates and changes contacts. They have no events of their own: `import.finished` tells of all.',
    },
    async (tx, row) => {
      demandState(row, ['ready']);
      const labels = await labelsNamed(tx, row.workspace_id, row.labels, row.settings.create_labels);
      if (!labels) throw contactProblem('too_many_labels');
      await store.recount(tx, row.id);
      await store.beginRun(tx, row.id, labels, clock.sqlNow());
      await store.tell(tx, row.id, 'import.started');
      return 'import.started';
    },
  );

  action(
    'cancel',
    {
      operationId: 'cancelImport',
      summary: 'Cancel an import',
      description: 'Contacts that it created or changed stay as they are. It can be undone.',
    },
    async (tx, row) => {
      demandState(row, ['uploaded', 'checking', 'ready', 'running']);
      if (row.state === 'running') await store.recount(tx, row.id);
      await store.endImport(tx, row.id, 'cancelled', clock.sqlNow());
      await store.tell(tx, row.id, 'import.cancelled');
      return 'import.cancelled';
    },
  );

  action(
    'undo',
    {
      operationId: 'undoImport',
      summary: 'Undo an import',
      description:
        'Within 7 days. Deletes the contacts that it created and nobody used since, and changes others back, as far as nobody changed them since.',
    },
    async (tx, row) => {
      const until = undoUntil(row);
      if (until === null) throw problem('import_state', `The import is \`${row.state}\`, so there is nothing to undo.`);
      if (until.getTime() < clock.now() || row.expired_at !== null) throw problem('import_undo_over');
      await store.beginUndo(tx, row.id);
      return 'import.undone';
    },
  );
}
