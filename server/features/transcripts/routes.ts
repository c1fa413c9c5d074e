// A conversation as a CSV file.
import { contentTypes, idSchema, problemSchema } from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { csvFile } from '../../kit/http/csv-file.ts';
import { demandNumbers } from '../../kit/http/masking.ts';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { contactProblem, conversationExists } from '../contacts/index.ts';
import { type LineRow, linesOf } from './store.ts';

const linesAtOnce = 1_000;
const head = ['time', 'kind', 'direction', 'author', 'type', 'text', 'status', 'id'];

export function transcriptRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  app.get(
    '/api/v1/conversations/:id/export',
    {
      config: { permission: 'messages.read' },
      exposeHeadRoute: false,
      schema: {
        tags: ['Conversations'],
        operationId: 'exportConversation',
        summary: 'Export a conversation as a CSV file',
        description:
          'A line for each message and note, oldest first. Files are named, not contained. An apostrophe disarms texts that look like formulas.',
        produces: ['text/csv'],
        params: z.strictObject({ id: idSchema('conversation') }),
        response: { 200: z.string().meta({ description: 'The lines of the file.' }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandNumbers(caller);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        if (!(await conversationExists(tx, caller.workspaceId, id))) throw contactProblem('conversation_not_found');
        await audit(tx, actorOf(request), { action: 'conversation.exported', target: { kind: 'conversation', id } });
      });
      const lists = db.listsWithin(caller, caller.id);
      return csvFile(reply, `${request.params.id}.csv`, head, async after => {
        const rows = await linesOf(lists, id, after?.[0], linesAtOnce);
        const last = rows.length < linesAtOnce ? undefined : rows.at(-1);
        return { lines: rows.map(cellsOf), after: last && [last.seq] };
      });
    },
  );
}

const cellsOf = (row: LineRow) => [
  ...[row.at.toISOString(), row.kind, row.direction, row.author ?? row.source, row.type],
  ...[row.kind === 'note' ? textOfNote(row) : textOf(row), row.status, toId(row.kind, row.id)],
];

/** The words of a note, and the names of its files below. */
const textOfNote = ({ body, files }: LineRow): string | null =>
  body === null ? null : [body, ...(files ?? [])].filter(line => line !== '').join('\n');

/** The words of a message: what it says, or the name of its file. */
function textOf({ type, content }: LineRow): string | null {
  if (type === null || content === null) return null;
  for (const path of contentTypes[type].gist) {
    const found = path
      .split('.')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], content);
    if (typeof found === 'string' && found !== '') return found;
  }
  return null;
}
