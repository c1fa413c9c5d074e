// Clients that get events as they happen: a stream (SSE) and a socket (Socket.IO). Both come back after what they saw.

import type { PublicEvent } from '@recado/contract';
import { io, type Socket } from 'socket.io-client';
import { type Dispatcher, request } from 'undici';

/** What a connection was told besides events. */
export interface Told {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the data of whatever the server says
  data: any;
}

export interface Connected {
  /** The events of this connection. */
  events: PublicEvent[];
  /** Positions, reasons and presence, in order. */
  told: Told[];
  /** The id to come back with. */
  lastId(): string | undefined;
  /** Settles when the connection has ended, by either side. */
  ended: Promise<void>;
  /** Ends it without a word, as a lost network does. */
  drop(): void;
}

export interface Wish {
  token?: string;
  /** Only of sockets. */
  headers?: Record<string, string>;
  after?: string | undefined;
  types?: string[];
  account?: string;
  /** One of message_id, conversation_id and contact_id. */
  about?: Record<string, string>;
  /** Only of sockets: that of all conversations. */
  presence?: boolean;
}

/** Opens a stream. @throws if the response is not a stream; the message is the response */
export async function openStream(url: string, { token, after, types, account, about }: Wish): Promise<Connected> {
  const query = new URLSearchParams({
    ...(types && { types: types.join() }),
    ...(account && { account_id: account }),
    ...about,
  });
  const stop = new AbortController();
  const answer = await request(`${url}/api/v1/events/stream?${query}`, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(after !== undefined && { 'last-event-id': after }),
    },
    signal: stop.signal,
  });
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${await answer.body.text()}`);
  const events: PublicEvent[] = [];
  const told: Told[] = [];
  let lastId = after;
  const ended = readBlocks(answer.body, block => {
    if (block.id !== undefined) lastId = block.id || undefined;
    if (block.data === undefined) {
      if (block.id !== undefined) told.push({ name: 'position', data: { last_id: block.id } });
    } else if (block.event === undefined) events.push(JSON.parse(block.data));
    else told.push({ name: block.event, data: JSON.parse(block.data) });
  });
  return { events, told, lastId: () => lastId, ended, drop: () => stop.abort() };
}

interface Block {
  id?: string;
  event?: string;
  data?: string;
}

async function readBlocks(body: Dispatcher.ResponseData['body'], take: (block: Block) => void): Promise<void> {
  let text = '';
  try {
    for await (const piece of body.setEncoding('utf8')) {
      text += piece;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks)
        take(
          Object.fromEntries(
            block.split('\n').flatMap(line => {
              const [, field = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
              return field ? [[field, value]] : [];
            }),
          ),
        );
    }
  } catch {
    // Dropped by us, or by a server that was killed.
  }
}

export type ConnectedSocket = Connected & { socket: Socket };

/** Opens a socket. @throws the problem that it was rejected with, or Socket.IO's error */
export async function openSocket(
  url: string,
  { token, headers, after, types, account, about, presence }: Wish,
): Promise<ConnectedSocket> {
  const auth = {
    ...(token && { token }),
    ...(after && { after }),
    ...(types && { types }),
    ...(account && { accounts: [account] }),
    ...about,
    ...(presence && { presence }),
  };
  const socket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth,
    ...(headers && { extraHeaders: headers }),
  });
  const events: PublicEvent[] = [];
  const told: Told[] = [];
  let lastId = after;
  socket.on('event', (event: PublicEvent) => {
    lastId = event.id;
    events.push(event);
  });
  for (const name of ['position', 'resync_required', 'access_changed', 'closed', 'presence', 'problem'])
    socket.on(name, data => {
      if ('last_id' in data) lastId = data.last_id;
      told.push({ name, data });
    });
  const ended = new Promise<void>(resolve => socket.once('disconnect', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', error => reject((error as Error & { data?: object }).data ?? error));
    // A connection that ends before the server has answered is no error of the socket. One of the socket comes first.
    socket.io.once('close', reason =>
      setImmediate(() => reject(new Error(`closed before it was connected: ${reason}`))),
    );
  });
  return { events, told, lastId: () => lastId, ended, drop: () => socket.io.engine?.close(), socket };
}
