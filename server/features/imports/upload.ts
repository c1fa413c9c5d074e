// Takes the file of an import from a form, piece by piece, into the database.
import { createHash } from 'node:crypto';
import { importLimits, type pastedImportBody, uploadImportFields } from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { abortedProblem } from '../../kit/http/body-reader.ts';
import { type KeyedAnswer, underKey } from '../../kit/http/idempotency.ts';
import { callerOf, fieldErrorsOf, fieldsInWords, invalid } from '../../kit/http/routes.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import { bytesPassed } from '../../kit/os/gc-nudge.ts';
import { encodingWatch } from '../../kit/text/decode.ts';
import { safeName } from '../../kit/text/file-name.ts';
import type { Clock } from '../../kit/time.ts';
import { analyse } from './analyse.ts';
import { problem } from './errors.ts';
import { delimiterIn, headOf } from './file.ts';
import { type FileFacts, presentImport, usualSettings } from './import.ts';
import * as store from './store.ts';

export interface UploadNeeds {
  db: ScopedDatabase;
  clock: Clock;
}

/** The bytes of one row of the table of pieces: what a check has in memory as text and rows. */
const pieceBytes = 256 * 1024;
/** The size limit of the form around a file. */
const formBytes = 64 * 1024;
/** How many files of a workspace may wait for their import. */
const mostWaiting = 20;

type Mine = Pick<Database, 'query' | 'transaction'>;

interface TakenFile {
  name: string;
  bytes: number;
  sha256: string;
  encoding: FileFacts['encoding'];
  head: Buffer;
}

/** Takes a file from a form, or lines that somebody pasted. On an error nothing is left of it. @throws AppError */
export async function takeImport(
  { db, clock }: UploadNeeds,
  request: FastifyRequest,
  key: string | undefined,
  pasted?: z.output<typeof pastedImportBody>,
): Promise<KeyedAnswer> {
  const caller = callerOf(request);
  const { workspaceId } = caller;
  const mine = db.within(caller);
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > importLimits.bytes + formBytes) throw tooLarge();
  if ((await store.countWaiting(mine, workspaceId)) >= mostWaiting) throw problem('too_many_imports');
  const id = newUuid(clock.now());
  await store.insertUpload(mine, { id, workspaceId, createdBy: caller }, new Date(clock.now()));
  try {
    const { file, again } = await (pasted ? readPasted(mine, workspaceId, id, pasted) : readForm(mine, request, id));
    const body = { sha256: file.sha256, name: file.name, again };
    const keyed = { workspaceId, operation: 'imports.create', key, body };
    const work = async (begun: { id: string }): Promise<KeyedAnswer> => {
      // The first request with the key was answered by nobody: what it made is there.
      const earlier = await store.findImport(mine, workspaceId, begun.id);
      return earlier
        ? { status: 201, text: JSON.stringify(presentImport(earlier)) }
        : finish(mine, request, { id, file, again });
    };
    return await underKey(mine, keyed, id, work, { freesRefused: true });
  } finally {
    // Without effect where it is complete.
    await store.removeUpload(mine, id);
  }
}

const tooLarge = () => {
  const message = 'The file may have at most 50 MB. Split it.';
  return problem('import_too_large', message, { fields: [{ field: 'file', message }] });
};

async function readPasted(
  mine: Mine,
  workspaceId: string,
  id: string,
  { content, name, again }: z.output<typeof pastedImportBody>,
): Promise<{ file: TakenFile; again: boolean }> {
  const lines = (async function* () {
    yield Buffer.from(content);
  })();
  const file = await takeFile(mine, workspaceId, id, lines, '');
  return { file: { ...file, name: nameOf(name ?? '') }, again: again ?? false };
}

const nameOf = (text: string): string => safeName(text) || 'contacts.csv';

/** Reads the form to its end, and stores the file wherever it is in the form. */
async function readForm(mine: Mine, request: FastifyRequest, id: string): Promise<{ file: TakenFile; again: boolean }> {
  if (request.raw.destroyed) throw abortedProblem();
  const fields: Record<string, unknown> = {};
  let file: TakenFile | undefined;
  const limits = { files: 1, fields: 4, parts: 5, fieldSize: 4_096, fieldNameSize: 100, headerPairs: 50 };
  try {
    for await (const part of request.parts({ limits: { ...limits, fileSize: Number.POSITIVE_INFINITY } })) {
      if (part.type === 'file') {
        if (part.fieldname !== 'file')
          throw invalid(part.fieldname, 'Is not a known field: send the file in the field file.');
        file = await takeFile(mine, callerOf(request).workspaceId, id, part.file, part.filename ?? '');
      } else {
        if (Object.hasOwn(fields, part.fieldname)) throw invalid(part.fieldname, 'Is given twice.');
        if (part.valueTruncated || part.fieldnameTruncated) throw invalid(part.fieldname, 'Is too long.');
        fields[part.fieldname] = part.value;
      }
    }
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'FST_FILES_LIMIT') throw invalid('file', 'Is given twice: send each file in its own request.');
    if (code === 'FST_FIELDS_LIMIT' || code === 'FST_PARTS_LIMIT')
      throw invalid('body', 'Has too many fields: send only file, name and again.');
    // The form parser throws plain Errors; system errors have a code.
    if (error instanceof Error && error.constructor === Error && !('code' in error))
      throw invalid('body', `The form cannot be read: ${error.message}.`);
    throw error;
  }
  if (!file) throw invalid('file', 'Is missing: send the file in the field `file` of a multipart/form-data body.');
  const read = uploadImportFields.safeParse(fields);
  if (!read.success) {
    const wrong = fieldErrorsOf(read.error.issues);
    throw commonProblem('invalid_request', fieldsInWords(wrong), { fields: wrong });
  }
  return { file: { ...file, name: nameOf(read.data.name ?? file.name) }, again: read.data.again === 'true' };
}

/** Stores a stream in pieces. @throws AppError import_too_large */
async function takeFile(
  mine: Mine,
  workspaceId: string,
  id: string,
  stream: AsyncIterable<Buffer>,
  name: string,
): Promise<TakenFile> {
  const hash = createHash('sha256');
  const watch = encodingWatch();
  let head = Buffer.alloc(0);
  let waiting: Buffer[] = [];
  let [bytes, held, number] = [0, 0, 0];
  const storePiece = async () => {
    const piece = Buffer.concat(waiting);
    if (number === 0) head = piece;
    await store.insertPart(mine, workspaceId, { id, number: number++, bytes: piece });
    [waiting, held] = [[], 0];
  };
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > importLimits.bytes) throw tooLarge();
    hash.update(chunk);
    watch.push(chunk);
    bytesPassed(chunk.length);
    waiting.push(chunk);
    held += chunk.length;
    if (held >= pieceBytes) await storePiece();
  }
  if (held > 0) await storePiece();
  return { name, bytes, sha256: hash.digest('hex'), encoding: watch.end(), head };
}

async function finish(
  mine: Mine,
  request: FastifyRequest,
  { id, file, again }: { id: string; file: TakenFile; again: boolean },
): Promise<KeyedAnswer> {
  const { workspaceId } = callerOf(request);
  const same = again ? undefined : await store.findSameFile(mine, workspaceId, file.sha256);
  if (same) {
    const earlier = toId('contact_import', same.id);
    const when = same.created_at.toISOString();
    if (!same.started)
      throw problem(
        'import_open',
        `The same file was uploaded as ${earlier} on ${when}, and was not run. Go on there, or send again with true.`,
        { lastId: earlier },
      );
    throw problem(
      'import_repeated',
      `The same file was imported before, as ${earlier} on ${when}. To import it again, send again with true.`,
      { lastId: earlier },
    );
  }
  const { encoding, head, name, bytes, sha256 } = file;
  const delimiter = delimiterIn(headOf(head, encoding));
  const analysis = await analyse(mine, workspaceId, id, { encoding, delimiter, header: undefined });
  await mine.transaction(async tx => {
    const uploaded = { name, bytes, sha256, encoding, delimiter, ...analysis, settings: usualSettings };
    await store.completeUpload(tx, id, uploaded);
    await store.tell(tx, id, 'import.created');
    const detail = { rows: analysis.rows, bytes };
    await audit(tx, actorOf(request), { action: 'import.created', target: { kind: 'contact_import', id }, detail });
  });
  const row = await store.findImport(mine, workspaceId, id);
  if (!row) throw problem('import_not_found');
  return { status: 201, text: JSON.stringify(presentImport(row)) };
}
