// Public documents: made once, for the first request, then sent from memory. A start does not wait for them.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from '../../kit/http/routes.ts';
import { acceptsEncoding, addVary } from './encoding.ts';

export interface PublicDocument {
  type: string;
  text: string;
  headers?: Record<string, string>;
}

/** Serves a document at these paths, plain or compressed, and 304 to callers that have it. `make` runs once. */
export function servePrepared(app: Server, paths: string[], make: () => PublicDocument): void {
  let send: ((request: FastifyRequest, reply: FastifyReply) => FastifyReply) | undefined;
  for (const path of paths)
    app.get(path, { config: { public: true }, schema: { hide: true } }, (request, reply) => {
      send ??= prepared(make());
      return send(request, reply);
    });
}

function prepared({ type, text, headers }: PublicDocument) {
  const plain = Buffer.from(text);
  const compressed = gzipSync(plain, { level: 9 });
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const inGzip = acceptsEncoding(request, 'gzip');
    // The two forms have different bytes, so they have different tags.
    const tag = `"${hash}${inGzip ? '-gzip' : ''}"`;
    // Callers may keep it, and ask each time whether it is still current.
    reply.headers({ ...headers, etag: tag, 'cache-control': 'no-cache' });
    addVary(reply, 'accept-encoding');
    if (hasTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
    reply.type(type);
    if (inGzip) reply.header('content-encoding', 'gzip');
    return reply.send(inGzip ? compressed : plain);
  };
}

const hasTag = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some(each => each.trim().replace(/^W\//, '') === tag || each.trim() === '*');
