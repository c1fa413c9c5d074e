// Graph API endpoints for media: upload, metadata, download, deletion.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphError } from '../graph/graph-errors.ts';
import type { Clock } from '../kit/clock.ts';
import { cut, graphPrefixes, notFound, numberPattern, requireToken } from '../kit/http.ts';
import type { Settings } from '../options.ts';
import type { Phones } from '../phones/phones.ts';
import type { MediaFaultName, MediaFaults, MediaStep } from './media-faults.ts';
import { largestFile, uploadProblem } from './media-kinds.ts';
import type { MediaEntry, MediaStore, Received } from './media-store.ts';

const addressLastsMs = 5 * 60_000;

export type MediaNeeds = {
  settings: Settings;
  clock: Clock;
  phones: Phones;
  media: MediaStore;
  mediaFaults: MediaFaults;
};

type NumberParams = { phoneNumberId: string };
type OwnerQuery = { phone_number_id?: unknown };

/** Adds the media endpoints. Metadata shares its path with numbers, see `describeMedia`. */
export const addMediaRoutes = (app: FastifyInstance, needs: MediaNeeds): void => {
  app.register(async scope => {
    // The bytes stay in the socket until the handler reads them.
    scope.addContentTypeParser('multipart/form-data', (_request, _body, done) => done(null));
    for (const prefix of graphPrefixes) {
      scope.post<{ Params: NumberParams }>(`${prefix}/${numberPattern}/media`, (request, reply) =>
        upload(needs, request, reply),
      );
    }
  });
  for (const prefix of graphPrefixes) {
    app.delete<{ Params: NumberParams; Querystring: OwnerQuery }>(`${prefix}/${numberPattern}`, request =>
      remove(needs, request),
    );
  }
  app.get('/whatsapp_business/attachments/', (request, reply) => download(needs, request, reply));
};

/** The fault of a call, if every step can play it. */
const beginStep = async (needs: MediaNeeds, step: MediaStep, mediaId: string | null, phoneNumberId: string | null) => {
  const fault = needs.mediaFaults.of({ step, mediaId, phoneNumberId });
  if (fault === 'forbidden') throw new GraphError(10, 'Forced by the simulator (forbidden).', { http: 403 });
  if (fault === 'rate-limited') throw new GraphError(130429, 'Forced by the simulator (rate-limited).');
  if (fault === 'server-error') throw new GraphError(131000, 'Forced by the simulator (server-error).');
  if (fault === 'gone' && mediaId !== null) throw notFound(mediaId, step === 'download' ? { http: 404 } : {});
  if (fault === 'slow') await new Promise<void>(done => needs.clock.after(needs.settings.delays.slow, done));
  return fault;
};

const upload = async (needs: MediaNeeds, request: FastifyRequest<{ Params: NumberParams }>, reply: FastifyReply) => {
  const { phoneNumberId } = request.params;
  requireToken(request, needs.settings.accessToken);
  needs.phones.reachBusiness(phoneNumberId);
  const form = await readForm(request, needs.media);
  try {
    const { file, mimeType } = checkForm(form);
    const fault = await beginStep(needs, 'upload', null, phoneNumberId);
    const { id } = await needs.media.keep(file.received, {
      source: 'uploaded',
      phone_number_id: phoneNumberId,
      mime_type: mimeType,
      file_name: file.name,
    });
    return fault === 'cut' ? cut(reply) : { id };
  } catch (error) {
    if (form.file !== null) await needs.media.discard(form.file.received);
    throw error;
  }
};

type FormFile = { received: Received; name: string | null; mimeType: string };
type Form = { fields: Map<string, string>; file: FormFile | null };

/** Reads the form, and writes its file straight to disk. */
const readForm = async (request: FastifyRequest, media: MediaStore): Promise<Form> => {
  const contentType = request.headers['content-type'] ?? '';
  const busboy = openForm({ ...request.headers, 'content-type': contentType });
  const fields = new Map<string, string>();
  let stream: BusboyFileStream | null = null;
  let receiving: Promise<FormFile> | null = null;
  busboy.on('field', (name, value) => void fields.set(name, value));
  busboy.on('file', (field, given, name, _encoding, mimeType) => {
    if (field !== 'file' || receiving !== null) return void given.resume();
    stream = given;
    receiving = media.receive(given).then(received => ({ received, name: name || null, mimeType }));
    // Awaited below; until then a failure must not be unhandled.
    receiving.catch(() => {});
  });
  try {
    await pipeline(request.raw, busboy);
  } catch (error) {
    (stream as BusboyFileStream | null)?.destroy(error as Error);
    await (receiving as Promise<FormFile> | null)?.then(
      file => media.discard(file.received),
      () => {},
    );
    throw new GraphError(100, `The form cannot be read: ${(error as Error).message}.`);
  }
  return { fields, file: await (receiving as Promise<FormFile> | null) };
};

const openForm = (headers: BusboyHeaders) => {
  try {
    return new Busboy({ headers, limits: { fileSize: largestFile + 1, fields: 20, fieldSize: 2_000 } });
  } catch (error) {
    throw new GraphError(100, `The form cannot be read: ${(error as Error).message}.`);
  }
};

/** The file's final MIME type and name, if it may stay. */
const checkForm = ({ fields, file }: Form) => {
  if (!fields.has('messaging_product')) throw new GraphError(131008, 'messaging_product: needed.');
  if (fields.get('messaging_product') !== 'whatsapp') throw new GraphError(100, 'messaging_product: must be whatsapp.');
  if (file === null) throw new GraphError(131008, 'file: needed.');
  const mimeType = fields.get('type') || file.mimeType;
  const problem = uploadProblem(mimeType, file.received.size);
  if (problem !== null) throw new GraphError(problem.code, problem.details);
  return { file, mimeType };
};

const available = (media: MediaStore, id: string, owner: unknown): MediaEntry => {
  const entry = media.find(id);
  if (entry === undefined) throw notFound(id);
  if (owner !== undefined && owner !== entry.phone_number_id) {
    throw new GraphError(100, 'phone_number_id: the file is of another number.');
  }
  return entry;
};

/** Meta's metadata of a file, with a URL valid for five minutes. */
export const describeMedia = async (
  needs: MediaNeeds,
  request: FastifyRequest<{ Params: NumberParams; Querystring: OwnerQuery }>,
) => {
  const id = request.params.phoneNumberId;
  const entry = available(needs.media, id, request.query.phone_number_id);
  const fault = await beginStep(needs, 'describe', id, entry.phone_number_id);
  return {
    messaging_product: 'whatsapp',
    url: addressOf(needs, request, id, fault),
    mime_type: entry.mime_type,
    sha256: entry.sha256,
    // A string in Meta's documentation, strange as that is.
    file_size: String(entry.size + (fault === 'wrong-size' ? 1 : 0)),
    id,
  };
};

const remove = async (
  needs: MediaNeeds,
  request: FastifyRequest<{ Params: NumberParams; Querystring: OwnerQuery }>,
) => {
  requireToken(request, needs.settings.accessToken);
  const id = request.params.phoneNumberId;
  const entry = available(needs.media, id, request.query.phone_number_id);
  await beginStep(needs, 'delete', id, entry.phone_number_id);
  await needs.media.remove(id);
  return { success: true };
};

const proofOf = (settings: Settings, id: string, ends: string) =>
  createHmac('sha256', settings.appSecret).update(`media ${id} ${ends}`).digest('hex');

/** The URL of a file's bytes, on the host by which the caller reached the simulator. */
export const addressOf = (
  { settings, clock }: Pick<MediaNeeds, 'settings' | 'clock'>,
  request: FastifyRequest,
  id: string,
  fault: MediaFaultName | null = null,
): string => {
  const ends = String(Math.floor((clock.now() + (fault === 'expired' ? -1_000 : addressLastsMs)) / 1000));
  const query = new URLSearchParams({ mid: id, ext: ends, hash: proofOf(settings, id, ends) });
  return `http://${request.headers.host}/whatsapp_business/attachments/?${query}`;
};

const download = async (needs: MediaNeeds, request: FastifyRequest, reply: FastifyReply) => {
  const { settings, clock, media } = needs;
  requireToken(request, settings.accessToken);
  // Meta's file host is not the Graph API, and has its own error for calls without a User-Agent.
  if (!request.headers['user-agent'])
    return reply.code(400).type('text/html').send('<!doctype html><title>Sorry</title><p>Sorry.');
  const { mid, ext, hash } = request.query as Record<string, unknown>;
  const [id, ends] = [String(mid), String(ext)];
  const [given, wanted] = [Buffer.from(String(hash)), Buffer.from(proofOf(settings, id, ends))];
  const isOurs = given.length === wanted.length && timingSafeEqual(given, wanted);
  const entry = isOurs && Number(ends) * 1000 >= clock.now() ? media.find(id) : undefined;
  if (entry === undefined) throw notFound('This address', { http: 404 });
  const fault = await beginStep(needs, 'download', id, entry.phone_number_id);
  if (fault === 'expired') throw notFound('This address', { http: 404 });
  reply.headers({
    'content-type': entry.mime_type,
    'content-length': entry.size,
    'content-disposition': dispositionOf(entry.file_name),
  });
  if (fault === 'stalled' || fault === 'cut') return sendHalf(reply, media, entry, fault);
  const bytes = media.read(id);
  return reply.send(fault === 'wrong-hash' ? bytes.compose(altered) : bytes);
};

/** The name in the one form that supports any character. */
export const dispositionOf = (fileName: string | null): string =>
  fileName === null
    ? 'attachment'
    : `attachment; filename*=UTF-8''${encodeURIComponent(fileName.toWellFormed()).replace(/['()*]/g, each => `%${each.charCodeAt(0).toString(16)}`)}`;

const sendHalf = async (reply: FastifyReply, media: MediaStore, entry: MediaEntry, fault: 'stalled' | 'cut') => {
  reply.hijack();
  reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>);
  const half = Math.floor(entry.size / 2);
  if (half > 0) {
    for await (const chunk of media.read(entry.id, { end: half - 1 })) {
      if (!reply.raw.write(chunk)) await new Promise<void>(done => reply.raw.once('drain', done).once('close', done));
    }
  } else reply.raw.flushHeaders();
  if (fault === 'cut') reply.raw.socket?.destroySoon();
  return reply;
};

/** The same bytes with one bit of the first flipped. */
async function* altered(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of source) {
    const copy = Buffer.from(chunk);
    if (isFirst) copy[0] = (copy[0] ?? 0) ^ 1;
    isFirst = false;
    yield copy;
  }
}
