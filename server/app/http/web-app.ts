// The web app: its built files, held in memory with their compressed forms.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commonProblem } from '../../kit/errors.ts';
import type { Server } from '../../kit/http/routes.ts';
import { packageRoot } from '../../kit/os/package-root.ts';
import { acceptsEncoding, addVary } from './encoding.ts';

/** No page of the app is under these, and none has an ending like that of a file. */
const notOurs = /^\/(api|assets|docs|media|webhooks)(\/|$)|\/\.|\.[^/]*$/;

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Only files of ours, and no script or style within the page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const longest = 'public, max-age=31536000, immutable';

/** What browsers ask for at addresses that stay. A service worker may do nothing but tell, and is never an old one. */
const fixed: Readonly<Record<string, string>> = {
  'sw.js': 'no-cache',
  'manifest.webmanifest': 'no-cache',
  'icon-192.png': 'public, max-age=86400',
  'icon-512.png': 'public, max-age=86400',
  'icon-maskable.png': 'public, max-age=86400',
  'apple-touch-icon.png': 'public, max-age=86400',
};
const workerPolicy = "default-src 'none'";

interface BuiltFile {
  type: string;
  plain: Buffer;
  gzip: Buffer | undefined;
  brotli: Buffer | undefined;
}

export interface WebApp {
  /**
   * Sends the app to a browser that goes to an address of its own. The app knows its pages, and says which does not exist.
   * Undefined for other requests, and where the app is not built.
   */
  page(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined;
  /** Serves the first page, and the files that all pages load. `isOwned`: whether the installation has an owner. */
  addRoutes(app: Server, isOwned: () => Promise<boolean>): void;
}

/** Reads the built app from its folder. */
export function openWebApp(folder = join(packageRoot, '../web/dist')): WebApp {
  const index = existsSync(join(folder, 'index.html')) ? readBuilt(folder, 'index.html') : undefined;
  const assets = new Map(
    index && readdirSync(join(folder, 'assets')).map(name => [name, readBuilt(folder, join('assets', name))]),
  );

  const atRoot = new Map(
    Object.keys(fixed)
      .filter(name => existsSync(join(folder, name)))
      .map(name => [name, readBuilt(folder, name)]),
  );

  function show(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (!index) throw commonProblem('not_found', 'The web app is not built. Run `npm run build`.');
    reply.headers({ 'content-security-policy': policy, 'cache-control': 'no-store' });
    return send(request, reply, index);
  }

  return {
    page: (request, reply) => (index && isNavigation(request) ? show(request, reply) : undefined),
    addRoutes(app, isOwned) {
      const openly = { config: { public: true }, schema: { hide: true } } as const;
      // An owner stays: ask the database only until there is one.
      let owned = false;
      app.get('/', openly, async (request, reply) => {
        // Without an answer of the database, the app says what is wrong.
        owned ||= await isOwned().catch(() => true);
        return owned ? show(request, reply) : reply.redirect('/setup');
      });

      for (const [name, caching] of Object.entries(fixed))
        app.get(`/${name}`, { config: { public: true, uncounted: true }, schema: { hide: true } }, (request, reply) => {
          const file = atRoot.get(name);
          if (!file) throw commonProblem('not_found', 'The web app is not built. Run `npm run build`.');
          reply.headers({ 'cache-control': caching, 'content-security-policy': workerPolicy });
          return send(request, reply, file);
        });

      // Files with a hash in their name: cheap, and a page loads several at once.
      const files = { config: { public: true, uncounted: true }, schema: { hide: true } } as const;
      app.get('/assets/:file', files, (request, reply) => {
        const file = assets.get((request.params as { file: string }).file);
        if (!file) throw commonProblem('not_found', `${request.url} does not exist.`);
        reply.header('cache-control', longest);
        return send(request, reply, file);
      });
    },
  };
}

/** Whether somebody goes to an address that may be a page. Programs that want JSON do not. */
function isNavigation({ method, url, headers: { accept = '*/*' } }: FastifyRequest): boolean {
  const takesPages = /\btext\/html\b/.test(accept) || (accept.includes('*/*') && !accept.includes('json'));
  return (method === 'GET' || method === 'HEAD') && takesPages && !notOurs.test(url.split('?')[0] ?? '');
}

function readBuilt(folder: string, name: string): BuiltFile {
  const read = (file: string) => (existsSync(file) ? readFileSync(file) : undefined);
  const path = join(folder, name);
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    plain: readFileSync(path),
    gzip: read(`${path}.gz`),
    brotli: read(`${path}.br`),
  };
}

function send(request: FastifyRequest, reply: FastifyReply, { type, plain, gzip, brotli }: BuiltFile): FastifyReply {
  reply.type(type);
  addVary(reply, 'accept-encoding');
  if (brotli && acceptsEncoding(request, 'br')) return reply.header('content-encoding', 'br').send(brotli);
  if (gzip && acceptsEncoding(request, 'gzip')) return reply.header('content-encoding', 'gzip').send(gzip);
  return reply.send(plain);
}
