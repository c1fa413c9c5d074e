// Serves a file: whole, a range, or 304 if the caller has it.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { storageKey } from '../../../ports/storage.ts';
import { problem } from '../errors.ts';
import { dispositionOf, namesTag, readRange, safeHeaders, servedType } from './file-headers.ts';
import { fromItsStore, readContent } from './read-content.ts';
import { storeProblem } from './store-error.ts';
import type { MediaService } from './store-file.ts';

type ServeNeeds = Pick<MediaService, 'engineDb' | 'stores'>;

export interface ServedFile {
  workspaceId: string;
  sha256: string;
  size: number;
  mimeType: string;
  fileName: string | null;
  /** The name of a file that has none. */
  fallbackName: string;
  /** Whether pages of other sites may embed it. */
  anywhere?: boolean;
}

/** Sends a file as the response. @throws AppError */
export async function serveFile(
  needs: ServeNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
  file: ServedFile,
): Promise<FastifyReply> {
  const tag = `"${file.sha256}"`;
  for (const [name, value] of Object.entries(safeHeaders)) reply.header(name, value);
  if (file.anywhere) reply.header('cross-origin-resource-policy', 'cross-origin');
  reply.header('etag', tag);
  if (namesTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
  const { range: asked, 'if-range': condition } = request.headers;
  const range =
    request.method !== 'GET' || (condition !== undefined && condition !== tag)
      ? undefined
      : readRange(asked, file.size);
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${file.size}`);
    throw problem('range_not_satisfiable', `The file has ${file.size} bytes.`);
  }
  const content = request.method === 'HEAD' ? Readable.from([]) : await contentOf(needs, file, range);
  reply.header('content-type', servedType(file.mimeType));
  reply.header('content-disposition', dispositionOf(file.mimeType, file.fileName, file.fallbackName));
  reply.header('content-length', range ? range.end - range.start + 1 : file.size);
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.size}`);
  return reply.send(content);
}

async function contentOf(
  needs: ServeNeeds,
  file: ServedFile,
  range: { start: number; end: number } | undefined,
): Promise<Readable> {
  try {
    return (await readContent(needs, file, range ? { range } : {})).content;
  } catch (error) {
    throw storeProblem(error);
  }
}

/** A direct link of the store; undefined if it offers none. @throws AppError */
export async function storeLink(needs: ServeNeeds, file: ServedFile, seconds: number): Promise<string | undefined> {
  const disposition = dispositionOf(file.mimeType, file.fileName, file.fallbackName);
  const options = { seconds, contentType: servedType(file.mimeType), disposition };
  try {
    return await fromItsStore(needs, file, storage => storage.link(storageKey(file.workspaceId, file.sha256), options));
  } catch (error) {
    throw storeProblem(error);
  }
}
