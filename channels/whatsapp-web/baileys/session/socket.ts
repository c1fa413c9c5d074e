// The library's socket with our settings.
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type AuthenticationState, Browsers, makeWASocket, proto, type SocketConfig, type WASocket } from 'baileys';
import type { ConnectionOptions } from '../../driver.ts';
import { createLibraryLogger } from '../library/library-log.ts';
import { wantsHistory } from '../library/library-messages.ts';
import { qrTimeoutOf } from './linking.ts';
import { readOwnKey } from './own-keys.ts';
import { createRetryCounts } from './retry-counts.ts';

/** What the library keeps of the WebSocket. */
interface RawSocket {
  close(): Promise<void>;
  socket: { terminate(): void } | null;
}

/** How long the other side may take to answer that the WebSocket closes. A dead connection never answers. */
const closeMs = 1000;

const rawOf = (sock: WASocket): RawSocket => sock.ws as unknown as RawSocket;

/** Ends the connection at once: nothing more is written. */
export const cut = (sock: WASocket): void => rawOf(sock).socket?.terminate();

const closeInTime = (sock: WASocket): void => {
  const raw = rawOf(sock);
  const close = raw.close.bind(raw);
  raw.close = async () => {
    const timer = setTimeout(() => raw.socket?.terminate(), closeMs);
    await close().finally(() => clearTimeout(timer));
  };
};

/** The library does not hear that a server answered with an HTTP error instead of a WebSocket: it would wait for ever. */
const hearRefusal = (sock: WASocket): void => {
  sock.ws.on('unexpected-response', (_request: ClientRequest, response: IncomingMessage) => {
    response.resume();
    const { statusCode = 500 } = response;
    const error = new Error(`The server answered with HTTP ${statusCode}`);
    void sock.end(Object.assign(error, { output: { statusCode } }));
  });
};

/** Opens the library's socket. */
export const openSocket = (
  { settings, open, gateway, log }: ConnectionOptions,
  auth: AuthenticationState,
  wrap: (make: SocketConfig['makeSignalRepository']) => SocketConfig['makeSignalRepository'],
  makeRepository: SocketConfig['makeSignalRepository'],
): WASocket => {
  const qrTimeout = qrTimeoutOf(open.link);
  const sock = makeWASocket({
    auth,
    waWebSocketUrl: settings.url,
    version: [...open.version],
    // A platform of its own is reported to be refused.
    browser: Browsers.macOS('Chrome'),
    logger: createLibraryLogger(log),
    // Otherwise the phone shows no notifications.
    markOnlineOnConnect: false,
    syncFullHistory: false,
    shouldSyncHistoryMessage: ({ syncType }) => wantsHistory(settings.historyDays, syncType),
    // Our own sends are known by their key.
    emitOwnEvents: false,
    generateHighQualityLinkPreview: false,
    // The gateway repeats what can be repeated. If it could not store, nothing may be acknowledged.
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
    msgRetryCounterCache: createRetryCounts(gateway),
    makeSignalRepository: wrap(makeRepository),
    getMessage: async ({ id }) => {
      const sent = id ? await readOwnKey(gateway, 'sent-message', id) : undefined;
      return sent && proto.Message.decode(Buffer.from(sent.message, 'base64'));
    },
    ...(qrTimeout !== undefined && { qrTimeout }),
  });
  closeInTime(sock);
  hearRefusal(sock);
  return sock;
};
