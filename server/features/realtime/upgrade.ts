// Upgrade requests: those for WebSockets go through the server's routes like any request, so that limits, proxies and
// headers apply. All others are served without the upgrade, as servers without WebSockets do.
import { type Server as HttpServer, type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Server } from '../../kit/http/routes.ts';

/** What a route needs to answer an upgrade request itself. */
export interface Upgrade {
  socket: Socket;
  /** The first bytes after the request. */
  head: Buffer;
}

export interface Upgrades {
  /** Takes over the connection of an upgrade request, without a response; undefined if the request is none. */
  take(request: IncomingMessage): Upgrade | undefined;
}

export function routeUpgrades(app: Server): Upgrades {
  const waiting = new WeakMap<IncomingMessage, { upgrade: Upgrade; detach: () => void }>();
  app.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Of an HTTP server it is always a socket.
    const socket = stream as Socket;
    socket.on('error', ignore);
    if (!/^websocket$/i.test(request.headers.upgrade ?? '')) return serveAsUsual(app.server, request, socket, head);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    const end = () => socket.destroySoon();
    response.on('finish', end);
    const detach = () => {
      response.off('finish', end);
      response.detachSocket(socket);
    };
    waiting.set(request, { upgrade: { socket, head }, detach });
    app.routing(request, response);
  });
  return {
    take(request) {
      const found = waiting.get(request);
      waiting.delete(request);
      found?.detach();
      return found?.upgrade;
    },
  };
}

const ignore = () => {};

const wish = /^(upgrade|http2-settings)$/i;

/** A header without the wish; undefined if nothing is left. */
function withoutWish(name: string, value: string): string | undefined {
  if (wish.test(name)) return undefined;
  if (!/^connection$/i.test(name)) return `${name}: ${value}`;
  const options = value.split(',').filter(option => !wish.test(option.trim()));
  return options.length > 0 ? `${name}: ${options.join(',')}` : undefined;
}

/**
 * Reads a request again without its wish: Node.js 20 gives every request with `Upgrade` to the listener. Java's client
 * wishes for HTTP/2 (`h2c`) in each first request.
 */
function serveAsUsual(server: HttpServer, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const line = withoutWish(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
    if (line !== undefined) lines.push(line);
  }
  socket.off('error', ignore);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
