// Media over HTTP.
import multipart from '@fastify/multipart';
import {
  idempotencyHeaders,
  idSchema,
  listMediaQuery,
  mediaCapabilitiesSchema,
  mediaContentQuery,
  mediaFromLinkBody,
  mediaKinds,
  mediaLinkBody,
  mediaLinkSchema,
  mediaPage,
  mediaSchema,
  problemSchema,
  uploadMediaBody,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { commonProblem } from '../../kit/errors.ts';
import { bodyMayLack, callerOf, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import { findContent, usedBytes } from './files/content-store.ts';
import { mostBytes } from './files/kinds.ts';
import { presentMedia } from './files/media.ts';
import { type ServedFile, serveFile, storeLink } from './files/serve.ts';
import * as store from './files/store.ts';
import { dropContent } from './files/store-file.ts';
import { takeForm, takeLink } from './files/upload.ts';
import type { MediaNeeds } from './needs.ts';

const params = z.strictObject({ id: idSchema('media') });
const tags = ['Media'];
const defaultSeconds = 300;
/** How long we keep reading a rejected upload, so that its sender gets to read the response. */
const lingerMs = 5_000;

export async function mediaRoutes(app: Server, needs: MediaNeeds): Promise<void> {
  // In its own scope: no other route accepts forms.
  await app.register(async scope => {
    await scope.register(multipart);
    addUpload(scope as Server, needs);
  });
  addReading(app, needs);
  addContent(app, needs);
  addDeletion(app, needs);
}

function addUpload(app: Server, needs: MediaNeeds): void {
  app.post(
    '/api/v1/media',
    {
      config: { permission: 'media.create', slowBody: true },
      schema: {
        tags,
        operationId: 'uploadMedia',
        summary: 'Upload a file',
        description:
          'Send the file in the field `file` of a form, or a link as JSON. Recado detects the type from the content. A workspace stores the same content once.',
        headers: idempotencyHeaders,
        body: {
          content: {
            'multipart/form-data': { schema: uploadMediaBody },
            'application/json': { schema: mediaFromLinkBody },
          },
        },
        response: { 201: mediaSchema, 400: problemSchema, 413: problemSchema, 502: problemSchema, 507: problemSchema },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      if (request.isMultipart()) {
        const answer = await takeForm(needs, request, key).catch(error => {
          linger(request);
          throw error;
        });
        return sendKept(reply, answer);
      }
      const body = mediaFromLinkBody.safeParse(request.body);
      if (!body.success) throw commonProblem('unsupported_media_type', 'Send multipart/form-data or application/json.');
      const answer = await takeLink(needs, request, body.data, key);
      return sendKept(reply, answer);
    },
  );
}

/**
 * A sender that is still uploading would see a broken connection instead of the response. No `connection: close`
 * header: with it, Node closes the connection right after the response.
 */
function linger({ raw }: FastifyRequest): void {
  if (raw.complete) return;
  raw.unpipe();
  raw.on('error', () => {});
  raw.resume();
  const timer = setTimeout(() => raw.destroy(), lingerMs).unref();
  raw.once('close', () => clearTimeout(timer));
}

function addReading(app: Server, needs: MediaNeeds): void {
  const { db } = needs;
  app.get(
    '/api/v1/media',
    {
      config: { permission: 'media.read' },
      schema: {
        tags,
        operationId: 'listMedia',
        summary: 'List files',
        querystring: listMediaQuery,
        response: { 200: mediaPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await store.listMedia(db.listsWithin(caller), caller.workspaceId, request.query, page);
      return toPage(rows, page, total, presentMedia, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/media/capabilities',
    {
      config: { permission: 'media.read' },
      schema: {
        tags,
        operationId: 'getMediaCapabilities',
        summary: 'Show the limits for uploads',
        response: { 200: mediaCapabilitiesSchema },
      },
    },
    async request => ({
      max_file_bytes: needs.maxFileBytes,
      quota_bytes: needs.quotaBytes === 0 ? null : needs.quotaBytes,
      used_bytes: await usedBytes(needs.engineDb, callerOf(request).workspaceId),
      thumbnails: needs.pictures?.available() ?? false,
      voice_notes: await needs.voices.available(),
      kinds: mediaKinds.map(kind => ({
        kind,
        max_bytes: Math.min(mostBytes(needs.limits[kind]), needs.maxFileBytes),
        types: [...needs.limits[kind].mimeTypes],
      })),
    }),
  );

  app.get(
    '/api/v1/media/:id',
    {
      config: { permission: 'media.read' },
      schema: {
        tags,
        operationId: 'getMedia',
        summary: 'Show a file',
        params,
        response: { 200: mediaSchema, 404: problemSchema },
      },
    },
    async request => presentMedia(await theirs(needs, request, request.params.id)),
  );
}

/** The errors of serving content. */
const servedRefusals = { 404: problemSchema, 410: problemSchema, 416: problemSchema, 502: problemSchema };

function addContent(app: Server, needs: MediaNeeds): void {
  app.get(
    '/api/v1/media/:id/content',
    {
      config: { permission: 'media.read' },
      schema: {
        tags,
        operationId: 'getMediaContent',
        summary: 'Download a file',
        description: 'Supports one `Range`, `If-Range` and `If-None-Match`. The ETag is the SHA-256 of the content.',
        params,
        querystring: mediaContentQuery,
        response: { ...servedRefusals, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const row = await theirs(needs, request, request.params.id);
      const file = contentOf(row);
      if (request.query.redirect === 'true') {
        const link = await storeLink(needs, file, defaultSeconds);
        if (link !== undefined) {
          await auditLink(needs, request, row.id, defaultSeconds);
          return reply.header('cache-control', 'no-store').redirect(link, 302);
        }
      }
      return serveFile(needs, request, reply, file);
    },
  );

  app.get(
    '/api/v1/media/:id/thumbnail',
    {
      config: { permission: 'media.read' },
      schema: {
        tags,
        operationId: 'getMediaThumbnail',
        summary: 'Download the thumbnail of an image, as webp',
        description: 'Supports one `Range`, `If-Range` and `If-None-Match`. The ETag is the SHA-256 of the thumbnail.',
        params,
        response: servedRefusals,
      },
    },
    async (request, reply) => {
      const {
        workspace_id: workspaceId,
        thumbnail_sha256: sha256,
        id,
      } = await theirs(needs, request, request.params.id);
      const content = sha256 === null ? undefined : await findContent(needs.engineDb, { workspaceId, sha256 });
      if (sha256 === null || !content) throw problem('media_not_found', 'This file has no thumbnail.');
      const { size, mimeType } = content;
      return serveFile(needs, request, reply, {
        workspaceId,
        sha256,
        size,
        mimeType,
        fileName: null,
        fallbackName: toId('media', id),
      });
    },
  );

  app.post(
    '/api/v1/media/:id/link',
    {
      config: { permission: 'media.read' },
      preValidation: bodyMayLack,
      schema: {
        tags,
        operationId: 'createMediaLink',
        summary: 'Create a link to a file that needs no credentials',
        params,
        body: mediaLinkBody,
        response: {
          201: mediaLinkSchema,
          404: problemSchema,
          409: problemSchema,
          410: problemSchema,
          502: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { clock, fileLinks, baseUrl } = needs;
      const seconds = request.body.valid_for_seconds ?? defaultSeconds;
      const row = await theirs(needs, request, request.params.id);
      const { workspace_id: workspaceId, id: mediaId } = row;
      const fromStore = await storeLink(needs, contentOf(row), seconds);
      await auditLink(needs, request, mediaId, seconds);
      const expires = Math.floor(clock.now() / 1_000) + seconds;
      const link = fromStore ?? `${baseUrl()}/media/${fileLinks.sign({ workspaceId, mediaId, expires })}`;
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ link, expires_at: new Date(expires * 1_000).toISOString() });
    },
  );

  app.get(
    '/media/:token',
    // Not counted: one address may download many files. The signature of the link is checked before anything else.
    {
      config: { public: true, uncounted: true },
      schema: { hide: true, params: z.strictObject({ token: z.string() }) },
    },
    async (request, reply) => {
      const claim = needs.fileLinks.read(request.params.token);
      if (!claim) throw problem('media_not_found');
      if (claim.expires * 1_000 <= needs.clock.now()) throw problem('media_link_expired');
      const { workspaceId, mediaId } = claim;
      const row = await store.findMedia(needs.db.within({ workspaceId, accounts: undefined }), workspaceId, mediaId);
      if (!row) throw problem('media_not_found');
      return serveFile(needs, request, reply, { ...contentOf(row), anywhere: true });
    },
  );
}

/** A link needs no credentials, so we audit who created it. */
const auditLink = ({ db }: MediaNeeds, request: FastifyRequest, id: string, seconds: number): Promise<void> =>
  audit(db.within(callerOf(request)), actorOf(request), {
    action: 'media.linked',
    target: { kind: 'media', id },
    detail: { seconds },
  });

function addDeletion(app: Server, needs: MediaNeeds): void {
  app.delete(
    '/api/v1/media/:id',
    {
      config: { permission: 'media.delete' },
      schema: {
        tags,
        operationId: 'deleteMedia',
        summary: 'Delete a file',
        description: 'Recado deletes the content with the last file that uses it.',
        params,
        response: { 204: z.null(), 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const deleted = await needs.db.within(caller).transaction(async tx => {
        const row = await store.deleteMedia(tx, workspaceId, id);
        if (!row) throw problem('media_not_found');
        // Considers all accounts, including those that the caller cannot see.
        if (await needs.isNeeded(needs.engineDb, workspaceId, id)) throw problem('media_in_use');
        await audit(tx, actorOf(request), { action: 'media.deleted', target: { kind: 'media', id } });
        return row;
      });
      for (const sha256 of [deleted.sha256, deleted.thumbnail_sha256])
        if (sha256 !== null)
          await dropContent(needs, { workspaceId, sha256 }).catch(error =>
            request.log.warn({ err: error }, 'a deleted file is still in its store; maintenance deletes it later'),
          );
      return reply.code(204).send(null);
    },
  );
}

/** The file of this id, if the caller may see it. @throws AppError media_not_found */
async function theirs({ db }: MediaNeeds, request: FastifyRequest, id: string): Promise<store.MediaRow> {
  const caller = callerOf(request);
  const row = await store.findMedia(db.within(caller), caller.workspaceId, toUuid(id));
  if (!row) throw problem('media_not_found');
  return row;
}

/** @throws AppError media_not_stored */
function contentOf(row: store.MediaRow): ServedFile {
  const { workspace_id: workspaceId, sha256, size, mime_type: mimeType, file_name: fileName } = row;
  if (row.status !== 'stored' || sha256 === null || size === null || mimeType === null)
    throw problem('media_not_stored');
  return { workspaceId, sha256, size, mimeType, fileName, fallbackName: row.id };
}
