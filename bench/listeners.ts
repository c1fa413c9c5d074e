// Many clients of events in a process of their own: streams or sockets that count what they get. They speak their
// protocols by hand, because they share the cores with the server.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface ListenerSettings {
  /** The port where this process tells what arrived. */
  port: number;
  url: string;
  kind: 'stream' | 'socket';
  clients: number;
  /** An API key. */
  key: string;
}

export interface Arrivals {
  connected: number;
  /** Connections that ended. */
  lost: number;
  /** By event id: how often it arrived, when first and when last, by the machine's monotonic clock in milliseconds. */
  events: Record<string, { count: number; first: number; last: number }>;
}

const settings: ListenerSettings = JSON.parse(process.argv[3] ?? '');
const target = new URL(settings.url);
const arrivals: Arrivals = { connected: 0, lost: 0, events: {} };
/** How many connect at once. */
const abreast = 50;

function note(text: string): void {
  const at = Number(process.hrtime.bigint()) / 1e6;
  for (const [, id = ''] of text.matchAll(/"id":"(evt_\w+)"/g)) {
    arrivals.events[id] ??= { count: 0, first: at, last: at };
    const event = arrivals.events[id];
    event.count++;
    event.last = at;
  }
}

function open(head: string[]): Socket {
  const socket = connect(Number(target.port), target.hostname);
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('close', () => arrivals.lost++);
  socket.write(`${[...head, `host: ${target.host}`].join('\r\n')}\r\n\r\n`);
  return socket;
}

/** Resolves when the client is in, which its first position tells. */
function openStream(): Promise<void> {
  const socket = open([
    'GET /api/v1/events/stream HTTP/1.1',
    `authorization: Bearer ${settings.key}`,
    'accept: text/event-stream',
  ]);
  return new Promise(resolve => {
    socket.on('data', data => {
      const text = data.toString();
      note(text);
      if (text.includes('id: evt_')) resolve();
    });
  });
}

function openSocket(): Promise<void> {
  const socket = open([
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
  ]);
  return new Promise(resolve => {
    socket.on('data', data => {
      const text = data.toString('latin1');
      // Packets of Engine.IO: 0 opens, 2 is a ping. 42 is an event of Socket.IO.
      if (text.includes('0{"sid"') && text.includes('"pingInterval"'))
        socket.write(frame(`40${JSON.stringify({ token: settings.key })}`));
      if (text.endsWith(ping)) socket.write(frame('3'));
      note(text);
      if (text.includes('"position"')) resolve();
    });
  });
}

/** The frame of a ping. */
const ping = '\x81\x01' + '2';

/** A short text frame; the mask is zero. */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = body.length < 126 ? [0x81, 0x80 | body.length] : [0x81, 0xfe, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}

async function openAll(): Promise<void> {
  let left = settings.clients;
  await Promise.all(
    Array.from({ length: abreast }, async () => {
      while (left-- > 0) {
        await (settings.kind === 'stream' ? openStream() : openSocket());
        arrivals.connected++;
      }
    }),
  );
}

createServer((request, response) => {
  if (request.url === '/reset') arrivals.events = {};
  response.end(JSON.stringify(arrivals));
}).listen(settings.port, '127.0.0.1', () => {
  console.log('a crowd is ready');
  void openAll();
});
