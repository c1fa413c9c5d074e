// Uploads a file from a form or a link, with an optional Idempotency-Key.
import { type MediaKind, type mediaFromLinkBody, uploadFields } from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { actorOf, audit } from '../../../kit/audit.ts';
import { AppError, commonProblem } from '../../../kit/errors.ts';
import { abortedProblem } from '../../../kit/http/body-reader.ts';
import { type KeyedAnswer, type KeyedRequest, underKey } from '../../../kit/http/idempotency.ts';
import { callerOf, fieldErrorsOf, fieldsInWords, invalid } from '../../../kit/http/routes.ts';
import { newUuid } from '../../../kit/ids.ts';
import { GuardedFetchError } from '../../../kit/net/guarded-request.ts';
import { safeName } from '../../../kit/text/file-name.ts';
import { mediaErrors, problem } from '../errors.ts';
import type { MediaNeeds } from '../needs.ts';
import { usedBytes } from './content-store.ts';
import { largestOf } from './kinds.ts';
import { presentMedia } from './media.ts';
import type { Spooled } from './spool.ts';
import { findMedia, insertMedia } from './store.ts';
import { adopt, giveUp, quotaExceeded, spoolLimit, storeSpooled } from './store-file.ts';

const linkDeadlineMs = 60_000;
/** The size limit of the form around a file. */
const formBytes = 64 * 1024;

/** Errors of the file itself, reported on the field that it came in. */
const ofTheFile = ['media_empty', 'media_too_large', 'media_type_not_allowed', 'media_quota_exceeded'] as const;

/** Adds this field, and advice, to errors about its file. */
async function blaming<Result>(field: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof AppError ? ofTheFile.find(known => known === error.code) : undefined;
    if (!(error instanceof AppError) || code === undefined) throw error;
    const { remedy } = mediaErrors[code];
    throw problem(code, error.message, {
      fields: [{ field, message: `${error.message} ${remedy}` }],
      cause: error.cause,
    });
  }
}

interface Given {
  spooled: Spooled;
  fileName: string | undefined;
  declaredType: string | undefined;
  kind: MediaKind | undefined;
}

/** Uploads a file from a form. On an error nothing is left of it. @throws AppError */
export async function takeForm(
  needs: MediaNeeds,
  request: FastifyRequest,
  key: string | undefined,
): Promise<KeyedAnswer> {
  const { workspaceId } = callerOf(request);
  return blaming('file', () => takeFormOf(needs, request, key, workspaceId));
}

async function takeFormOf(
  needs: MediaNeeds,
  request: FastifyRequest,
  key: string | undefined,
  workspaceId: string,
): Promise<KeyedAnswer> {
  const limit = spoolLimit(needs, { limitBytes: largestOf(needs.limits), toBeSent: true });
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit + formBytes)
    throw problem('media_too_large', `The body has ${declared} bytes; a file may have at most ${limit}.`);
  // With a key there may already be a response, whatever quota is left now.
  if (key === undefined) await demandAnyRoom(needs, workspaceId);
  const given = await readForm(needs, request, limit);
  try {
    const { spooled, fileName, kind } = given;
    const body = { sha256: spooled.sha256, filename: fileName, kind };
    const keyed: KeyedRequest = { workspaceId, operation: 'media.create', key, body };
    const db = needs.db.within(callerOf(request));
    return await underKey(db, keyed, newUuid(), ({ id }) => keep(needs, request, id, given), { freesRefused: true });
  } finally {
    await given.spooled.remove();
  }
}

/** Uploads a file from a link. @throws AppError */
export async function takeLink(
  needs: MediaNeeds,
  request: FastifyRequest,
  body: z.output<typeof mediaFromLinkBody>,
  key: string | undefined,
): Promise<KeyedAnswer> {
  return blaming('link', () => takeLinkOf(needs, request, body, key));
}

async function takeLinkOf(
  needs: MediaNeeds,
  request: FastifyRequest,
  body: z.output<typeof mediaFromLinkBody>,
  key: string | undefined,
): Promise<KeyedAnswer> {
  const { workspaceId } = callerOf(request);
  const keyed: KeyedRequest = { workspaceId, operation: 'media.create', key, body };
  const fetchIt = async ({ id }: { id: string }) => {
    await demandAnyRoom(needs, workspaceId);
    return fetchLink(needs, request, body, id);
  };
  return underKey(needs.db.within(callerOf(request)), keyed, newUuid(), fetchIt, { freesRefused: true });
}

async function fetchLink(
  needs: MediaNeeds,
  request: FastifyRequest,
  { link, kind, filename: name }: z.output<typeof mediaFromLinkBody>,
  id: string,
): Promise<KeyedAnswer> {
  const limit = spoolLimit(needs, { limitBytes: largestOf(needs.limits), kind, toBeSent: true });
  try {
    const fetched = await needs.links.fetch(link, { deadlineMs: linkDeadlineMs, maxBytes: limit });
    const spooled = await needs.spool.take(fetched.content, limit);
    try {
      const fileName = name === undefined ? fetched.fileName : nameOf(name);
      const given = { spooled, fileName, declaredType: typeOf(fetched.contentType), kind };
      return await keep(needs, request, id, given);
    } finally {
      await spooled.remove();
    }
  } catch (error) {
    throw error instanceof GuardedFetchError ? linkRefusal(error) : error;
  }
}

const linkRefusal = (error: GuardedFetchError) => {
  const fields = [{ field: 'link', message: error.message }];
  if (error.code === 'busy') return commonProblem('unavailable', error.message, { retryAfterSeconds: 10 });
  if (error.code === 'rejected') return problem('link_rejected', error.message, { fields });
  if (error.code === 'too_large') return problem('link_too_large', error.message, { fields });
  return problem('link_unreachable', error.message, { fields });
};

/** Report a full quota before everything was sent or downloaded. */
async function demandAnyRoom({ engineDb, quotaBytes }: MediaNeeds, workspaceId: string): Promise<void> {
  if (quotaBytes === 0) return;
  const used = await usedBytes(engineDb, workspaceId);
  if (used >= quotaBytes) throw quotaExceeded(quotaBytes, used);
}

/** Reads the form to its end, and spools the file wherever it is in the form. */
async function readForm(needs: MediaNeeds, request: FastifyRequest, limit: number): Promise<Given> {
  // It may have ended while the caller was identified; then no part of the form arrives.
  if (request.raw.destroyed) throw abortedProblem();
  const fields: Record<string, unknown> = {};
  let file: { spooled: Spooled; name: string; type: string } | undefined;
  try {
    const limits = {
      files: 1,
      fields: 8,
      parts: 9,
      fieldSize: 4_096,
      fieldNameSize: 100,
      headerPairs: 50,
      fileSize: Number.POSITIVE_INFINITY,
    };
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        if (part.fieldname !== 'file')
          throw invalid(part.fieldname, 'Is not a known field: send the file in the field file.');
        const spooled = await needs.spool.take(part.file, limit);
        file = { spooled, name: part.filename ?? '', type: part.mimetype };
      } else {
        if (Object.hasOwn(fields, part.fieldname)) throw invalid(part.fieldname, 'Is given twice.');
        if (part.valueTruncated || part.fieldnameTruncated) throw invalid(part.fieldname, 'Is too long.');
        fields[part.fieldname] = part.value;
      }
    }
    if (!file) throw invalid('file', 'Is missing: send the file in the field `file` of a multipart/form-data body.');
    const read = uploadFields.safeParse(fields);
    if (!read.success) {
      const wrong = fieldErrorsOf(read.error.issues);
      throw commonProblem('invalid_request', fieldsInWords(wrong), { fields: wrong });
    }
    const { kind, filename: name } = read.data;
    return { spooled: file.spooled, fileName: nameOf(name ?? file.name), declaredType: typeOf(file.type), kind };
  } catch (error) {
    await file?.spooled.remove();
    const { code } = error as { code?: unknown };
    if (code === 'FST_FILES_LIMIT') throw invalid('file', 'Is given twice: send each file in its own request.');
    if (code === 'FST_FIELDS_LIMIT' || code === 'FST_PARTS_LIMIT')
      throw invalid('body', 'Has too many fields: send only file, kind and filename.');
    // The form parser throws plain Errors; system errors have a code.
    if (error instanceof Error && error.constructor === Error && !('code' in error))
      throw invalid('body', `The form cannot be read: ${error.message}.`);
    throw error;
  }
}

const nameOf = (text: string): string | undefined => safeName(text) || undefined;

const typeOf = (text: string | undefined): string | undefined =>
  text !== undefined && /^[\w.+-]+\/[\w.+-]+(;[ -~]*)?$/.test(text) && text.length <= 200 ? text : undefined;

async function keep(
  needs: MediaNeeds,
  request: FastifyRequest,
  id: string,
  { spooled, fileName, declaredType, kind }: Given,
): Promise<KeyedAnswer> {
  const caller = callerOf(request);
  const { workspaceId } = caller;
  const db = needs.db.within(caller);
  const limitBytes = largestOf(needs.limits);
  const kept = await storeSpooled(
    needs,
    { workspaceId, fileName, declaredType, kind, limitBytes, toBeSent: true },
    spooled,
  );
  try {
    await db.transaction(async tx => {
      const made = await insertMedia(
        tx,
        { id, fileName, declaredType, createdBy: caller.id },
        kept,
        needs.clock.sqlNow(),
      );
      await adopt(tx, kept);
      // Do not audit again if a retry with the same key continued the first request.
      const { kind, size, mimeType } = kept;
      if (made)
        await audit(tx, actorOf(request), {
          action: 'media.uploaded',
          target: { kind: 'media', id },
          detail: { kind, size, type: mimeType },
        });
    });
  } catch (error) {
    await giveUp(needs, kept).catch(() => {});
    throw error;
  }
  const row = await findMedia(db, workspaceId, id);
  if (!row) throw problem('media_not_found');
  return { status: 201, text: JSON.stringify(presentMedia(row)) };
}
