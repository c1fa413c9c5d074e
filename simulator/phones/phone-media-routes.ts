// The phones' media routes: send a file as a person, and view the files of both directions.
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GraphError } from '../graph/graph-errors.ts';
import { check } from '../graph/message-rules.ts';
import { notFound } from '../kit/http.ts';
import { largestFile, mediaKinds } from '../media/media-kinds.ts';
import { addressOf, dispositionOf, type MediaNeeds } from '../media/media-routes.ts';
import { businessFor, numberIn } from './phone-routes.ts';
import type { Traffic } from './traffic.ts';

const sending = z.strictObject({
  to: z.string().optional(),
  type: z.enum(mediaKinds),
  mime_type: z.string().regex(/^[\w.+-]+\/[\w.+-]+(;[\x20-\x7e]*)?$/, 'not a MIME type'),
  caption: z.string().max(1024).optional(),
  filename: z.string().max(255).optional(),
  voice: z.enum(['true', 'false']).optional(),
});

/** Adds the phones' media routes, and test routes for files. */
export const addPhoneMediaRoutes = (app: FastifyInstance, needs: MediaNeeds & { traffic: Traffic }): void => {
  const { media, phones, traffic } = needs;

  app.register(async scope => {
    // Only this content type: a page of another site cannot send it without a preflight.
    scope.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body));
    scope.post<{ Params: { number: string } }>(
      '/phones/:number/media',
      { bodyLimit: largestFile },
      async (request, reply) => {
        const number = numberIn(request.params.number);
        const query = check(sending, request.query, '');
        const business = businessFor(phones, number, query.to);
        const received = await media.receive(request.body as Readable);
        if (received.size > largestFile) {
          await media.discard(received);
          throw new GraphError(100, `The file has more than ${largestFile} bytes.`);
        }
        phones.touchBusiness(business);
        const file = await media.keep(received, {
          source: 'inbound',
          phone_number_id: business,
          mime_type: query.mime_type,
          file_name: query.filename ?? null,
        });
        const content = {
          id: file.id,
          mime_type: file.mime_type,
          // Base64 here and hex in the metadata, as Meta does.
          sha256: Buffer.from(file.sha256, 'hex').toString('base64'),
          url: addressOf(needs, request, file.id),
          ...(query.caption === undefined ? {} : { caption: query.caption }),
          ...(query.type === 'document' && query.filename !== undefined ? { filename: query.filename } : {}),
          ...(query.type === 'audio' ? { voice: query.voice === 'true' } : {}),
          ...(query.type === 'sticker' ? { animated: file.animated } : {}),
        };
        const id = await traffic.write(number, business, { type: query.type, fields: { [query.type]: content } });
        const { sha256, size } = file;
        return reply.code(202).send({ id, phone_number_id: business, media: { id: file.id, sha256, size } });
      },
    );
  });

  app.get<{ Params: { id: string } }>('/media/:id', (request, reply) => {
    const file = media.find(request.params.id);
    if (file === undefined) throw notFound(request.params.id);
    const isInline = /^(image\/(jpeg|png|webp|gif)|audio\/|video\/)/.test(file.mime_type);
    return reply
      .headers({
        'content-type': file.mime_type,
        'content-length': file.size,
        'content-disposition': isInline ? 'inline' : dispositionOf(file.file_name),
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
      .send(media.read(file.id));
  });

  app.get('/ledger/media', () => ({ entries: media.entries() }));
};
