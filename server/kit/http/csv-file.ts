// Exports: one at a time for a workspace, read and sent page by page, with room for other requests between the pages.
import { Readable } from 'node:stream';
import { csvLine } from '@recado/contract';
import type { FastifyReply } from 'fastify';
import { semaphore, semaphores } from '../async/semaphore.ts';
import { commonProblem } from '../errors.ts';
import { realClock } from '../time.ts';
import { abortedProblem } from './body-reader.ts';
import { callerOf } from './routes.ts';

type Cells = readonly (string | number | null)[];

/** A page of lines, and where the next one begins; undefined at the end. */
type NextPage = (after: string[] | undefined) => Promise<{ lines: Cells[]; after: string[] | undefined }>;

/** How many rows of an export are read at once: what a page takes, others wait for. */
export const exportedAtOnce = 500;
/** How long an export waits for the one before it, in milliseconds. */
const patienceMs = 10_000;
/** The longest pause after a page, in milliseconds. */
const longestPauseMs = 250;

const inTurn = semaphores(() =>
  semaphore(1, {
    clock: realClock,
    ms: patienceMs,
    problem: () => commonProblem('export_running', undefined, { retryAfterSeconds: 10 }),
  }),
);

async function* linesOf(head: Cells, next: NextPage): AsyncGenerator<string> {
  yield csvLine(head);
  let after: string[] | undefined;
  do {
    const page = await next(after);
    yield page.lines.map(cells => csvLine(cells)).join('');
    after = page.after;
  } while (after !== undefined);
}

/** Pauses after each page for as long as it took, so that other requests get half of the time. */
async function* paced(pages: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = realClock.elapsed();
  for await (const page of pages) {
    const took = realClock.elapsed() - begun;
    yield page;
    await new Promise<void>(resolve => {
      realClock.after(Math.min(took, longestPauseMs), resolve);
    });
    begun = realClock.elapsed();
  }
}

/**
 * Sends the pages of an export once the other export of the workspace in this process is over.
 * @throws AppError export_running, if that takes too long
 */
export function sendExport(reply: FastifyReply, pages: AsyncIterable<string>): Promise<never> {
  return new Promise((resolve, reject) => {
    inTurn(
      callerOf(reply.request).workspaceId,
      () =>
        new Promise<void>(free => {
          if (reply.raw.destroyed) {
            free();
            reject(abortedProblem());
            return;
          }
          const stream = Readable.from(paced(pages), { objectMode: false, encoding: 'utf8' });
          stream.once('close', free);
          resolve(reply.send(stream) as never);
        }),
    ).catch(reject);
  });
}

/** Sends a CSV file, in the turn of the workspace. */
export function csvFile(reply: FastifyReply, name: string, head: Cells, next: NextPage): Promise<never> {
  reply
    .type('text/csv; charset=utf-8; header=present')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', `attachment; filename="${name}"`);
  return sendExport(reply, linesOf(head, next));
}
