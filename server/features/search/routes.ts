// Search in messages and notes over HTTP.
import { type FoundMessage, foundMessagePage, problemSchema, readSearch, searchMessagesQuery } from '@recado/contract';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import { findSetting } from './index-store.ts';
import { type FoundRow, searchTexts } from './search-store.ts';
import { around } from './snippet.ts';

const present = (row: FoundRow, words: readonly string[]): FoundMessage => ({
  message_id: row.type === null ? null : toId('message', row.id),
  note_id: row.type === null ? toId('note', row.id) : null,
  conversation_id: toId('conversation', row.conversation_id),
  account_id: toId('account', row.account_id),
  contact: { id: toId('contact', row.contact_id), name: row.contact_name, phone: row.contact_phone },
  direction: row.direction,
  type: row.type,
  author: row.author,
  text: row.text === null || row.text === '' ? null : around(row.text, words),
  created_at: row.created_at.toISOString(),
});

export function searchRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  app.get(
    '/api/v1/messages/search',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags: ['Messages'],
        operationId: 'searchMessages',
        summary: 'Search in the text of messages and notes, newest first',
        description:
          'Words need the index of texts, which is on in new workspaces. At most 101 are found, so a total of 101 means more than 100.',
        querystring: searchMessagesQuery,
        response: { 200: foundMessagePage, 400: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { q, conversation_id } = request.query;
      const { words } = readSearch(q);
      if (words.length > 0 && !(await findSetting(db.within(caller), caller.workspaceId)))
        throw problem('text_search_off');
      const { rows, total } = await searchTexts(db.listsWithin(caller, caller.id), {
        workspaceId: caller.workspaceId,
        callerId: caller.id,
        isLimited: caller.reader !== undefined,
        seesNumbers: caller.seesNumbers,
        conversationId: conversation_id && toUuid(conversation_id),
        text: q,
        after: page.after && Number(page.after[0]),
        limit: page.limit,
      });
      return toPage(
        rows,
        page,
        total,
        row => present(row, words),
        row => [String(row.seq)],
      );
    },
  );
}
