// Socket.IO at /socket.io: the same events as the stream, for the web app, with presence.
import { createServer } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import { type CloseCode, type PublicEvent, type SocketAuth, socketAuthSchema } from '@recado/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Socket, Server as SocketServer } from 'socket.io';
import { commonProblem } from '../../kit/errors.ts';
import { type Caller, fieldErrorsOf, fieldsInWords, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import { subjectOf } from '../events/index.ts';
import { type Client, filterOf, type Proof, type Sink, type Transport } from './client.ts';
import { closing, lingerMs, mayReturn } from './closing.ts';
import { problem } from './errors.ts';
import type { Hub } from './hub.ts';
import { problemOf } from './socket-problem.ts';
import { routeUpgrades } from './upgrade.ts';

/** Makes the adapter that carries presence between processes; undefined for one process alone. */
export type AdapterFactory = NonNullable<ConstructorParameters<typeof SocketServer>[1]>['adapter'];

type Connection = Socket['conn'];

/** Who connected, and what this socket asked for. */
export interface Handshake {
  caller: Caller;
  proof: Proof;
  auth: SocketAuth;
}

export interface SocketNeeds {
  hub: Hub;
  /** Identifies and counts the caller of a handshake. @throws AppError */
  admit: (request: FastifyRequest, reply: FastifyReply, token: string | undefined) => Promise<Caller>;
  proofOf: (request: FastifyRequest) => Proof;
  adapter: AdapterFactory;
  /** Called with each socket that is let in, and what it asked for. */
  onSocket: (socket: Socket, client: Client, auth: SocketAuth) => void;
  clock: Clock;
  log: Logger;
}

export interface Sockets {
  io: SocketServer;
  close(): Promise<void>;
}

/** One socket may send so many packets in so many milliseconds. */
const inbound = { most: 100, withinMs: 10_000 };

export function openSockets(app: Server, needs: SocketNeeds): Sockets {
  const { hub, clock } = needs;
  const io = new SocketServer({
    path: '/socket.io',
    serveClient: false,
    // Long polling would need each request to reach the same process. `GET /events?wait=` does it without.
    transports: ['websocket'],
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: 16_384,
    connectTimeout: 10_000,
    ...(needs.adapter && { adapter: needs.adapter }),
  });
  // It never listens: upgrades come through our routes.
  io.attach(createServer());
  const upgrades = routeUpgrades(app);
  const requests = new WeakMap<object, { request: FastifyRequest; reply: FastifyReply; stream: NetSocket }>();
  const letIn = new WeakMap<Socket, Handshake>();
  const clients = new WeakMap<Connection, Client>();
  const transport = eventsTo(io);
  const config = { public: true, slowBody: true } as const;

  app.get('/socket.io/', { config, schema: { hide: true } }, async (request, reply) => {
    const upgrade = upgrades.take(request.raw);
    if (!upgrade) throw problem('websocket_required');
    reply.hijack();
    requests.set(request.raw, { request, reply, stream: upgrade.socket });
    io.engine.handleUpgrade(request.raw, upgrade.socket, upgrade.head);
    return reply as never;
  });

  const onPacket = limitPackets(clock, connection => {
    const client = clients.get(connection);
    if (client) hub.cut(client, 'too_many_messages');
    else connection.close(true);
  });
  io.engine.on('connection', (connection: Connection) => connection.on('packet', onPacket));

  io.use((socket, next) => {
    welcome(socket).then(
      handshake => {
        letIn.set(socket, handshake);
        next();
      },
      error => next(refusal(error, needs.log)),
    );
  });

  /** @throws AppError */
  async function welcome(socket: Socket): Promise<Handshake> {
    const from = requests.get(socket.request);
    if (!from) throw commonProblem('internal_error');
    const { success, data: auth, error } = socketAuthSchema.safeParse(socket.handshake.auth);
    if (!success) {
      const fields = fieldErrorsOf(error.issues);
      throw commonProblem('invalid_request', fieldsInWords(fields), { fields });
    }
    const caller = await needs.admit(from.request, from.reply, auth.token);
    hub.demandRoom(caller);
    return { caller, proof: needs.proofOf(from.request), auth };
  }

  io.on('connection', socket => {
    const handshake = letIn.get(socket);
    const stream = requests.get(socket.request)?.stream;
    if (!handshake || !stream) return void socket.disconnect(true);
    const { caller, proof, auth } = handshake;
    forgetRequest(socket);
    const filter = filterOf(auth.types, auth.accounts?.map(toUuid), subjectOf(auth));
    const sink = sinkOf(socket, stream, transport, clock);
    const client = hub.open({ caller, proof, filter, after: auth.after, sink });
    clients.set(socket.conn, client);
    socket.on('disconnect', () => hub.leave(client));
    needs.onSocket(socket, client, auth);
  });

  return { io, close: () => io.close() };
}

/** Drops what only the handshake needed, such as the credential: sockets are many, and stay for days. */
function forgetRequest(socket: Socket): void {
  Reflect.set(socket.conn, 'request', null);
  Object.assign(socket.handshake, { headers: {}, auth: {}, query: {} });
}

/** Sends each event to all its sockets at once, so that it is encoded once. */
function eventsTo(io: SocketServer): Transport & { add(event: PublicEvent, socketId: string): void } {
  let current: PublicEvent | undefined;
  let ids: string[] = [];
  const flush = () => {
    if (current && ids.length > 0) io.local.to(ids).emit('event', current);
    current = undefined;
    ids = [];
  };
  return {
    name: 'socket',
    flush,
    add(event, socketId) {
      if (event !== current) flush();
      current = event;
      ids.push(socketId);
    },
  };
}

type SocketTransport = ReturnType<typeof eventsTo>;

function sinkOf(socket: Socket, stream: NetSocket, transport: SocketTransport, clock: Clock): Sink {
  // What waits in Socket.IO for the network, besides what waits in the network's own buffer.
  let unsent = 0;
  socket.conn.on('drain', () => {
    unsent = 0;
  });
  return {
    transport,
    send(prepared) {
      unsent += prepared.block().length;
      transport.add(prepared.event, socket.id);
    },
    mark: id => void socket.emit('position', { last_id: id }),
    access: ({ role = null }) => void socket.emit('access_changed', { role }),
    behind: seconds => void socket.emit('behind', { seconds }),
    // Socket.IO has pings of its own.
    beat() {},
    resync(lastId) {
      socket.emit('resync_required', { reason: 'not_found', last_id: lastId });
      end(true);
    },
    close(code: CloseCode) {
      socket.emit('closed', closing(code));
      end(!mayReturn(code));
    },
    buffered: () => unsent + stream.writableLength,
  };

  /** Clients come back by themselves, unless they are told that the server has disconnected them. */
  function end(forGood: boolean): void {
    if (forGood) socket.disconnect(true);
    else socket.conn.close();
    clock.after(lingerMs, () => stream.destroy());
  }
}

/** Ends connections that send too many packets, before and after their handshake. */
function limitPackets(clock: Clock, end: (connection: Connection) => void) {
  const counts = new WeakMap<Connection, { since: number; packets: number }>();
  return function (this: Connection): void {
    const now = clock.now();
    const count = counts.get(this);
    if (!count || Math.abs(now - count.since) >= inbound.withinMs) counts.set(this, { since: now, packets: 1 });
    else if (++count.packets > inbound.most) end(this);
  };
}

/** An error as Socket.IO's clients get it: `error.data` is the problem. */
function refusal(error: unknown, log: Logger): Error {
  const data = problemOf(error, log);
  return Object.assign(new Error(data.detail), { data });
}
