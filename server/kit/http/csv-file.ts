// Lists as CSV files, which are read and sent page by page.
import { Readable } from 'node:stream';
import { csvLine } from '@recado/contract';
import type { FastifyReply } from 'fastify';

type Cells = readonly (string | number | null)[];

/** A page of lines, and where the next one begins; undefined at the end. */
type NextPage = (after: string[] | undefined) => Promise<{ lines: Cells[]; after: string[] | undefined }>;

async function* linesOf(head: Cells, next: NextPage): AsyncGenerator<string> {
  yield csvLine(head);
  let after: string[] | undefined;
  do {
    const page = await next(after);
    yield page.lines.map(cells => csvLine(cells)).join('');
    after = page.after;
  } while (after !== undefined);
}

/** Sends a CSV file. */
export function csvFile(reply: FastifyReply, name: string, head: Cells, next: NextPage) {
  return reply
    .type('text/csv; charset=utf-8; header=present')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(Readable.from(linesOf(head, next), { objectMode: false, encoding: 'utf8' }) as never);
}
