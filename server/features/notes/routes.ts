// Notes over HTTP.
import {
  createNoteBody,
  idempotencyHeaders,
  idSchema,
  listNotesQuery,
  type Note,
  noteEditMinutes,
  notePage,
  noteSchema,
  problemSchema,
  updateNoteBody,
} from '@recado/contract';
import { z } from 'zod';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, invalid, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { presentWho } from '../../kit/who.ts';
import { contactProblem, conversationExists } from '../contacts/index.ts';
import { lockForNote, presentFile, setFilesOfNote } from '../media/index.ts';
import { follow } from '../team/index.ts';
import { problem } from './errors.ts';
import * as store from './store.ts';

const present = (row: store.NoteRow): Note => ({
  id: toId('note', row.id),
  conversation_id: toId('conversation', row.conversation_id),
  contact_id: toId('contact', row.contact_id),
  episode_id: row.episode_id && toId('episode', row.episode_id),
  author: presentWho(row.writer),
  body: row.body,
  mentions: row.mentioned.map(({ id, name }) => ({ person_id: toId('person', id), name })),
  files: row.files.map(({ kind, ...file }) => ({ ...presentFile(file), kind })),
  created_at: row.created_at.toISOString(),
  edited_at: row.edited_at?.toISOString() ?? null,
  deleted_at: row.deleted_at?.toISOString() ?? null,
});

/** The UUIDs, each once. @throws AppError where one of them may not see the account of the conversation */
async function knownMentions(
  tx: Queryable,
  workspaceId: string,
  conversationId: string,
  given: readonly string[] = [],
): Promise<string[]> {
  const people = given.map(id => toUuid(id));
  const stranger = await store.strangerAmong(tx, workspaceId, conversationId, people);
  if (stranger !== undefined)
    throw invalid(`mentions.${stranger}`, 'Must be a member who may see the account of the conversation.');
  return [...new Set(people)];
}

/** The UUIDs of files, locked for a note. @throws AppError where a note may not have one of them */
async function takenFiles(
  tx: Queryable,
  { workspaceId, id: author }: Caller,
  given: readonly string[],
  { neededOf, noteId }: Pick<Needs, 'neededOf'> & { noteId?: string },
): Promise<string[]> {
  const ids = given.map(id => toUuid(id));
  const free = await lockForNote(tx, workspaceId, ids, { author, noteId });
  const needed = await neededOf(workspaceId, ids);
  const at = ids.findIndex(id => !free.has(id) || needed.has(id));
  if (at !== -1)
    throw invalid(`media_ids[${at}]`, 'Must be your own upload, which no message, saved reply or other note needs.');
  return ids;
}

/** @throws AppError where a note would say nothing */
function demandContent(body: string, files: readonly unknown[]): void {
  if (body === '' && files.length === 0) throw invalid('body', 'Must not be empty without files.');
}

const peopleIn = ({ mentioned }: store.NoteRow): string[] => mentioned.map(({ id }) => id);

interface Needs {
  db: ScopedDatabase;
  clock: Clock;
  /** Which of these files (UUIDs) a message or a saved reply needs, of all accounts. */
  neededOf: (workspaceId: string, ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

export function noteRoutes(app: Server, { db, clock, neededOf }: Needs): void {
  const tags = ['Notes'];
  const ofConversation = z.strictObject({ id: idSchema('conversation') });
  const ofNote = z.strictObject({ id: idSchema('note') });

  app.get(
    '/api/v1/conversations/:id/notes',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'listNotes',
        summary: 'List the notes of a conversation, newest first',
        description: 'Deleted ones are there too, without their text.',
        params: ofConversation,
        querystring: listNotesQuery,
        response: { 200: notePage, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const id = toUuid(request.params.id);
      if (!(await conversationExists(mine, caller.workspaceId, id))) throw contactProblem('conversation_not_found');
      const page = pageRequest(request);
      const { rows, total } = await store.listNotes(mine, id, page);
      return toPage(rows, page, total, present, row => [String(row.seq)]);
    },
  );

  app.post(
    '/api/v1/conversations/:id/notes',
    {
      config: { permission: 'notes.write' },
      schema: {
        tags,
        operationId: 'createNote',
        summary: 'Write a note about a conversation',
        description: 'Only your team sees it. It is no message, so nothing sends it or its files.',
        headers: idempotencyHeaders,
        params: ofConversation,
        body: createNoteBody,
        response: { 201: noteSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema, 422: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const conversationId = toUuid(request.params.id);
      const { body = '', mentions, media_ids = [] } = request.body;
      const keyed = {
        workspaceId,
        operation: 'notes.create',
        key: request.headers['idempotency-key'],
        body: { ...request.body, conversation_id: request.params.id },
        by: caller.id,
      };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        if (!(await conversationExists(tx, workspaceId, conversationId)))
          throw contactProblem('conversation_not_found');
        demandContent(body, media_ids);
        const people = await knownMentions(tx, workspaceId, conversationId, mentions);
        const files = await takenFiles(tx, caller, media_ids, { neededOf });
        const written = { body, mentions: people, author: caller.id };
        const { id: noteId, accountId } = await store.insertNote(tx, conversationId, written, clock.sqlNow());
        await setFilesOfNote(tx, { noteId, accountId }, files);
        await follow(tx, conversationId, [caller.id, ...people], clock.sqlNow());
        return { status: 201, body: present(await tell(tx, caller, 'note.created', noteId)) };
      });
      return sendKept(reply, answer);
    },
  );

  app.patch(
    '/api/v1/notes/:id',
    {
      config: { permission: 'notes.write' },
      schema: {
        tags,
        operationId: 'updateNote',
        summary: 'Edit a note',
        description: `Its author may, for ${noteEditMinutes} minutes. It then has \`edited_at\`.`,
        params: ofNote,
        body: updateNoteBody,
        response: { 200: noteSchema, 400: problemSchema, 403: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    request => {
      const caller = callerOf(request);
      const { body, mentions, media_ids } = request.body;
      return db.within(caller).transaction(async tx => {
        const note = await heldNote(tx, caller, toUuid(request.params.id));
        const people = await knownMentions(tx, caller.workspaceId, note.conversation_id, mentions);
        if (note.author !== caller.id) throw problem('note_of_another');
        if (note.deleted_at) throw problem('note_deleted');
        if (note.created_at.getTime() + noteEditMinutes * 60_000 < clock.now()) throw problem('note_too_old');
        const { id: noteId, account_id: accountId } = note;
        const files = media_ids && (await takenFiles(tx, caller, media_ids, { neededOf, noteId }));
        demandContent(body, files ?? note.files);
        if (files) await setFilesOfNote(tx, { noteId, accountId }, files);
        await store.editNote(tx, noteId, { body, mentions: people }, clock.sqlNow());
        const before = peopleIn(note);
        await follow(
          tx,
          note.conversation_id,
          people.filter(id => !before.includes(id)),
          clock.sqlNow(),
        );
        return present(await tell(tx, caller, 'note.updated', note.id, before));
      });
    },
  );

  app.delete(
    '/api/v1/notes/:id',
    {
      config: { permission: 'notes.write' },
      schema: {
        tags,
        operationId: 'deleteNote',
        summary: 'Delete a note',
        description: 'Its author may. Its text and its files are gone for good; its place in the thread stays.',
        params: ofNote,
        response: { 200: noteSchema, 403: problemSchema, 404: problemSchema },
      },
    },
    request => {
      const caller = callerOf(request);
      return db.within(caller).transaction(async tx => {
        const note = await heldNote(tx, caller, toUuid(request.params.id));
        if (note.author !== caller.id) throw problem('note_of_another');
        if (note.deleted_at) return present(note);
        await store.emptyNote(tx, note.id, clock.sqlNow());
        await setFilesOfNote(tx, { noteId: note.id, accountId: note.account_id }, []);
        return present(await tell(tx, caller, 'note.deleted', note.id));
      });
    },
  );

  /** Locks the note. @throws AppError where there is none */
  async function heldNote(tx: Queryable, caller: Caller, id: string): Promise<store.NoteRow> {
    const note = await store.findNote(tx, caller.workspaceId, id, { locks: true });
    if (!note) throw problem('note_not_found');
    return note;
  }

  /** Writes the event, and returns the note as it is now. */
  async function tell(
    tx: Queryable,
    caller: Caller,
    type: Parameters<typeof store.tellOfNote>[2],
    id: string,
    before: readonly string[] = [],
  ): Promise<store.NoteRow> {
    const note = await store.findNote(tx, caller.workspaceId, id);
    if (!note) throw problem('note_not_found');
    await store.tellOfNote(tx, caller.workspaceId, type, note, before, caller, clock.sqlNow());
    return note;
  }
}
