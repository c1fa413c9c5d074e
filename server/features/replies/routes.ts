// Saved replies over HTTP: each caller has own ones, those of their teams, and those of the workspace.
import {
  createSavedReplyBody,
  idempotencyHeaders,
  idSchema,
  listSavedRepliesQuery,
  mostSavedReplies,
  nearestVariable,
  problemSchema,
  type SavedReply,
  savedReplyPage,
  savedReplySchema,
  unknownVariables,
  updateSavedReplyBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { grantedAccounts, type KnownAccounts } from '../../kit/http/granted-accounts.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, invalid, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import { listFields } from '../contacts/index.ts';
import { demandScope, hasTeam, type SavedReader, savedReader } from '../team/index.ts';
import { templateTrouble } from '../templates/index.ts';
import { problem } from './errors.ts';
import * as store from './store.ts';

interface Needs {
  db: ScopedDatabase;
  knownAccounts: KnownAccounts;
}

const params = z.strictObject({ id: idSchema('saved_reply') });
const tags = ['Saved replies'];
const reads = { permission: 'messages.read' } as const;
/** Who writes messages has own replies. */
const writes = { permission: 'messages.create' } as const;
/** The permission for replies of a team or of the workspace. */
const ofOthers = 'replies.manage';

/** Of the accounts, those that the caller sees. */
const present = (row: store.SavedReplyRow, { accounts: seen }: Pick<Caller, 'accounts'>): SavedReply => ({
  id: toId('saved_reply', row.id),
  shortcut: row.shortcut,
  title: row.title,
  body: row.body,
  scope: row.owner_id !== null ? 'personal' : row.team_id !== null ? 'team' : 'workspace',
  team_id: row.team_id && toId('team', row.team_id),
  files: row.files.map(file => ({ ...file, id: toId('media', file.id) })),
  language: row.language,
  account_ids: row.accounts?.filter(id => seen?.includes(id) !== false).map(id => toId('account', id)) ?? null,
  template:
    row.template === null || row.template_language === null
      ? null
      : { name: row.template, language: row.template_language },
  uses: row.uses,
  created_by: { id: toId(row.creator_kind, row.created_by), name: row.creator_name },
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const readerOf = (caller: Caller): SavedReader => savedReader(caller, ofOthers);

/** @throws AppError where there is no such reply, or it is somebody else's */
async function found(db: Queryable, caller: Caller, id: string): Promise<store.SavedReplyRow> {
  const row = await store.findSavedReply(db, readerOf(caller), id);
  if (!row) throw problem('saved_reply_not_found');
  return row;
}

/** A reply that the caller may change. @throws AppError */
async function changeable(tx: Queryable, caller: Caller, id: string): Promise<store.SavedReplyRow> {
  const row = await found(tx, caller, id);
  demandScope(caller, row.owner_id !== null, ofOthers);
  return row;
}

/** @throws AppError where the text names a variable that nobody knows */
async function checkBody(tx: Queryable, workspaceId: string, body: string | undefined): Promise<void> {
  if (body === undefined) return;
  const fields = (await listFields(tx, workspaceId)).map(({ key }) => key);
  const [unknown] = unknownVariables(body, fields);
  if (unknown === undefined) return;
  const meant = nearestVariable(unknown, fields);
  throw invalid('body', `{{${unknown}}} is not known.${meant === undefined ? '' : ` Use {{${meant}}}.`}`);
}

/** A template as it is stored, with its language. @throws AppError where no account of the caller can send it */
async function checkedTemplate(
  tx: Queryable,
  workspaceId: string,
  template: SavedReply['template'],
): Promise<Pick<store.NewSavedReply, 'template' | 'template_language'>> {
  const trouble = template && (await templateTrouble(tx, workspaceId, template));
  if (trouble) throw invalid(`template.${trouble.field}`, trouble.message);
  return { template: template?.name ?? null, template_language: template?.language ?? null };
}

/** The UUIDs of the files, which the workspace has. @throws AppError */
async function checkedFiles(tx: Queryable, workspaceId: string, ids: readonly string[]): Promise<string[]> {
  const files = ids.map(toUuid);
  const missing = await store.missingFile(tx, workspaceId, files);
  if (missing !== undefined) throw invalid(`media_ids[${missing}]`, 'This file does not exist, or is not stored yet.');
  return files;
}

export function savedReplyRoutes(app: Server, { db, knownAccounts }: Needs): void {
  app.get(
    '/api/v1/saved-replies',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'listSavedReplies',
        summary: 'List the saved replies of the caller, of their teams and of the workspace, the most used first',
        querystring: listSavedRepliesQuery,
        response: { 200: savedReplyPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { scope, account_id, search } = request.query;
      const filter = { scope, accountId: account_id && toUuid(account_id), search };
      const { rows, total } = await store.listSavedReplies(db.listsWithin(caller), readerOf(caller), filter, page);
      return toPage(
        rows,
        page,
        total,
        row => present(row, caller),
        row => [String(row.uses), row.id],
      );
    },
  );

  app.get(
    '/api/v1/saved-replies/:id',
    {
      config: reads,
      schema: {
        tags,
        operationId: 'getSavedReply',
        summary: 'Show a saved reply',
        params,
        response: { 200: savedReplySchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      return present(await found(db.within(caller), caller, toUuid(request.params.id)), caller);
    },
  );

  app.post(
    '/api/v1/saved-replies',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'createSavedReply',
        summary: 'Save a reply',
        description: `A reply of a team or of the workspace needs the permission ${ofOthers}. Each caller has at most ${mostSavedReplies}, and so have each team and the workspace. A text with an unknown variable is rejected, and so is a template that is not approved.`,
        headers: idempotencyHeaders,
        body: createSavedReplyBody,
        response: { 201: savedReplySchema, 400: problemSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { body } = request;
      const key = request.headers['idempotency-key'];
      const isPersonal = body.scope === undefined || body.scope === 'personal';
      const team = body.team_id === undefined ? null : toUuid(body.team_id);
      const keyed = { workspaceId, operation: 'saved_replies.create', key, body, by: caller.id };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        await checkBody(tx, workspaceId, body.body);
        const files = await checkedFiles(tx, workspaceId, body.media_ids ?? []);
        const accounts = body.account_ids ? await grantedAccounts(tx, caller, body.account_ids, knownAccounts) : null;
        const template = await checkedTemplate(tx, workspaceId, body.template ?? null);
        if (team !== null && !(await hasTeam(tx, workspaceId, team))) throw invalid('team_id', 'This does not exist.');
        demandScope(caller, isPersonal, ofOthers);
        const id = newUuid();
        const made = await store.insertSavedReply(
          tx,
          workspaceId,
          {
            id,
            owner_id: isPersonal ? caller.id : null,
            team_id: team,
            shortcut: body.shortcut,
            title: body.title,
            body: body.body,
            files,
            language: body.language ?? null,
            accounts,
            ...template,
            creator_kind: caller.kind,
            created_by: caller.id,
          },
          mostSavedReplies,
        );
        if (made !== 'made') throw problem(made === 'taken' ? 'saved_reply_taken' : 'too_many_saved_replies');
        await audit(tx, actorOf(request), { action: 'saved_reply.created', target: { kind: 'saved_reply', id } });
        return { status: 201, body: present(await found(tx, caller, id), caller) };
      });
      return sendKept(reply, answer);
    },
  );

  app.patch(
    '/api/v1/saved-replies/:id',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'updateSavedReply',
        summary: 'Change a saved reply',
        params,
        body: updateSavedReplyBody,
        response: {
          200: savedReplySchema,
          400: problemSchema,
          403: problemSchema,
          404: problemSchema,
          409: problemSchema,
        },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { media_ids, account_ids, template, ...rest } = request.body;
      return db.within(caller).transaction(async tx => {
        await checkBody(tx, workspaceId, rest.body);
        const change: store.ReplyChange = {
          ...rest,
          ...(media_ids && { files: await checkedFiles(tx, workspaceId, media_ids) }),
          ...(account_ids !== undefined && {
            accounts: account_ids && (await grantedAccounts(tx, caller, account_ids, knownAccounts)),
          }),
          ...(template !== undefined && (await checkedTemplate(tx, workspaceId, template))),
        };
        // After what is wrong in the request: ids of others are as ids of nobody.
        const row = await changeable(tx, caller, id);
        if (!(await store.changeSavedReply(tx, workspaceId, row, change))) throw problem('saved_reply_taken');
        const detail = { fields: Object.keys(request.body) };
        await audit(tx, actorOf(request), {
          action: 'saved_reply.updated',
          target: { kind: 'saved_reply', id },
          detail,
        });
        return present(await found(tx, caller, id), caller);
      });
    },
  );

  app.delete(
    '/api/v1/saved-replies/:id',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'deleteSavedReply',
        summary: 'Delete a saved reply',
        params,
        response: { 204: z.null().meta({ description: 'Deleted.' }), 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        await changeable(tx, caller, id);
        await store.deleteSavedReply(tx, caller.workspaceId, id);
        await audit(tx, actorOf(request), { action: 'saved_reply.deleted', target: { kind: 'saved_reply', id } });
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/saved-replies/:id/use',
    {
      config: writes,
      schema: {
        tags,
        operationId: 'useSavedReply',
        summary: 'Count that somebody used a saved reply',
        description: 'The count of the last 30 days puts what people use most first. Nothing is sent.',
        params,
        response: { 204: z.null().meta({ description: 'Counted.' }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        await found(tx, caller, id);
        await store.countUse(tx, caller.workspaceId, id);
      });
      return reply.code(204).send(null);
    },
  );
}
