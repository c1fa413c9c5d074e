// One connection of a linked account, or of one that is being linked, with Baileys.
import { type BaileysEventMap, type BinaryNode, DEFAULT_CONNECTION_CONFIG, type WASocket } from 'baileys';
import type { Connection, ConnectionOptions, Driver, Gateway } from '../driver.ts';
import type { CloseCode, SessionNotice } from '../protocol.ts';
import { networkCodeOf, statusOf } from './errors.ts';
import { createDeliveries } from './journal/deliveries.ts';
import { createJournal } from './journal/journal.ts';
import type { JournalEntry } from './journal/journal-entry.ts';
import { keepOrder } from './journal/message-order.ts';
import { wantsHistory } from './library/library-messages.ts';
import { confirmDirtyBits } from './library/shim-dirty.ts';
import { acknowledgeStatus } from './library/shim-status.ts';
import { createLidBook, lidOf, type Me, phoneOf } from './person.ts';
import { createInbound } from './receiving/inbound.ts';
import { storeReceipts } from './receiving/receipts.ts';
import { watchTraffic } from './receiving/traffic.ts';
import { watchAcks } from './sending/acks.ts';
import { createCalls } from './sending/gateway-calls.ts';
import { createSender } from './sending/send.ts';
import { createTargets } from './sending/targets.ts';
import { createChatTimers } from './session/chat-timers.ts';
import { createCredentialsSaver, readCredentials } from './session/credentials.ts';
import { createKeyStore } from './session/key-store.ts';
import { startLinking } from './session/linking.ts';
import { logOut } from './session/log-out.ts';
import { watchNewChats } from './session/new-chats.ts';
import { cut, openSocket } from './session/socket.ts';

/** How long a closed connection waits for the gateway to store the rest. The rest comes at the next opening. */
const lastStoresMs = 3000;

type Ending = { code: CloseCode | undefined; title: string };

type LeftOver = ReadonlyMap<string, JournalEntry>;

const readLeftOver = async (gateway: Gateway): Promise<LeftOver> => {
  const texts = await gateway.request('listKeys', { type: 'pending-message' });
  const entries = Object.entries(texts).map(([key, text]): [string, JournalEntry] => [key, JSON.parse(text)]);
  return new Map(entries.sort(([, one], [, other]) => Number(one.attrs.t) - Number(other.attrs.t)));
};

const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).catch(() => undefined);
  clearTimeout(timer);
};

/** A connection whose socket exists. `stop` ends it with a code of ours. */
interface Live {
  call: Connection['call'];
  stop(ending: Ending): void;
  logout(): Promise<void>;
}

const begin = (options: ConnectionOptions, leftOver: LeftOver): Live => {
  const { settings, open, gateway, notify, log } = options;
  const ended = new AbortController();
  let isOpen = false;
  let ending: Ending | undefined;
  let loggedOut: Promise<boolean> | undefined;

  const stop = (wanted: Ending): void => {
    ending ??= wanted;
    void sock.end(undefined);
  };
  const fail = (error: unknown): void => {
    if (ended.signal.aborted) return;
    log('error', 'The gateway could not store what must be kept', { error });
    // Nothing that is on its way out may leave any more.
    cut(sock);
    stop({ code: 500, title: 'The gateway could not store what must be kept' });
  };

  const credentials = readCredentials(open.credentials);
  const saver = createCredentialsSaver(gateway, credentials, fail);
  const deliveries = createDeliveries(gateway, fail);
  const keys = createKeyStore(gateway, fail);
  const book = createLidBook(keys);
  const timers = createChatTimers(keys);
  const me = (): Me => ({ id: credentials.me?.id ?? '', lid: credentials.me?.lid });
  const wasOffline = (id: string): boolean => order.wasOffline(id);
  const inbound = createInbound({ deliveries, gateway, settings, book, timers, me, wasOffline, log });
  const journal = createJournal({
    me,
    wantsHistory: ({ syncType }) => wantsHistory(settings.historyDays, syncType),
    leftOver,
    onStored: inbound.addEntry,
    onEncrypt: () => sender.onEncrypt(),
  });
  const sock: WASocket = openSocket(
    options,
    { creds: credentials, keys },
    journal.wrap,
    DEFAULT_CONNECTION_CONFIG.makeSignalRepository,
  );
  const order = keepOrder({ ws: sock.ws as Parameters<typeof keepOrder>[0]['ws'] });
  acknowledgeStatus(sock as Parameters<typeof acknowledgeStatus>[0]);
  confirmDirtyBits(sock as Parameters<typeof confirmDirtyBits>[0]);
  sock.ws.prependListener('CB:message', (node: BinaryNode) => journal.watch(node));
  storeReceipts({ ws: sock.ws, gateway, me, fail });
  const tellMessage = watchTraffic(sock.ws, notify);
  const acks = watchAcks(sock.ws, inbound.addAck);
  const onRestricted = (): void => {
    notify({ kind: 'restricted', until: undefined });
    // The answer comes as an event, with the time until when.
    sock.fetchAccountReachoutTimelock().catch(() => undefined);
  };
  const askNewChats = watchNewChats({ fetch: sock.fetchNewChatMessageCap, notify, log, ended: ended.signal });
  const targets = createTargets({ sock, gateway, book });
  const sending = { targets, book, timers, acks, me, ended: ended.signal, onRestricted };
  const sender = createSender({ sock, gateway, settings, ...sending });
  const calls = createCalls({ sock, sender, targets, settings, log });
  const linking =
    open.link && !credentials.account
      ? startLinking({ sock, link: open.link, notify, stop: (code, title) => stop({ code, title }) })
      : undefined;
  for (const [key, entry] of leftOver) inbound.addLeftOver(key, entry);

  const finish = async (error: unknown): Promise<void> => {
    if (ended.signal.aborted) return;
    isOpen = false;
    ended.abort();
    acks.close();
    linking?.end();
    order.end();
    await within(lastStoresMs, Promise.all([saver.idle(), deliveries.idle()]));
    const title = error instanceof Error ? error.message : 'The connection is closed';
    const { code, title: told } = ending ?? { code: statusOf(error) ?? 500, title };
    const network = ending ? undefined : networkCodeOf(error);
    const about = { code, title: told, duringLink: open.link !== null, ...(network !== undefined && { network }) };
    const closed = { kind: 'closed', ...about } as const;
    notify(loggedOut ? { ...closed, loggedOut: await loggedOut } : closed);
  };
  const about = () => ({
    phone: phoneOf(credentials.me?.id) ?? '',
    lid: lidOf(credentials.me?.lid),
    name: credentials.me?.name,
  });
  const onConnection = (update: BaileysEventMap['connection.update']): void => {
    const { connection, qr, isNewLogin, lastDisconnect, reachoutTimeLock } = update;
    if (qr) linking?.onQr(qr);
    if (isNewLogin) notify({ kind: 'linked', ...about() });
    if (reachoutTimeLock?.isActive)
      notify({ kind: 'restricted', until: reachoutTimeLock.timeEnforcementEnds?.getTime() });
    if (connection === 'open') {
      isOpen = true;
      notify({ kind: 'open', ...about() });
      askNewChats();
    }
    if (connection === 'close') {
      // A receipt that the library holds back would be gone with it.
      sock.ev.flush();
      void finish(lastDisconnect?.error);
    }
  };
  sock.ev.process(events => {
    if (events['creds.update']) saver.save();
    // A notice of a broken connection was not stored, and comes again.
    if (!ending || ending.code === undefined) inbound.addEvents(events);
    // It says that the quota has changed, and perhaps not all of it.
    if (events['message-capping.update']) askNewChats();
    if (events['connection.update']) onConnection(events['connection.update']);
  });

  return {
    stop,
    async logout() {
      ending ??= { code: undefined, title: 'Unlinked' };
      loggedOut ??= logOut(sock);
      await loggedOut;
      void sock.end(undefined);
    },
    call(name, args) {
      if (!isOpen) return undefined;
      const running = calls[name](args);
      if (name === 'send') running.then(tellMessage, () => undefined);
      return running;
    },
  };
};

/** Opens one connection. Its last notice is `closed`. */
export const connect: Driver = options => {
  const { open, gateway, log } = options;
  let live: Live | undefined;
  let isClosing = false;
  let hasClosed = false;
  const notify = (notice: SessionNotice): void => {
    if (hasClosed) return;
    hasClosed = notice.kind === 'closed';
    options.notify(notice);
  };
  let logsOut = false;
  const closed = (code: number | undefined, title: string): void =>
    notify({ kind: 'closed', code, title, duringLink: open.link !== null, ...(logsOut && { loggedOut: false }) });

  const start = async (): Promise<void> => {
    const leftOver = open.credentials === null ? new Map() : await readLeftOver(gateway);
    if (isClosing) closed(undefined, 'Closed by the gateway');
    else live = begin({ ...options, notify }, leftOver);
  };
  start().catch(error => {
    log('error', 'The session could not be opened', { error });
    closed(500, 'The session could not be opened');
  });

  return {
    call: (name, args) => live?.call(name, args),
    close({ logout }) {
      isClosing = true;
      logsOut = logout;
      const current = live;
      if (!current) return;
      if (logout) void current.logout();
      else current.stop({ code: undefined, title: 'Closed by the gateway' });
    },
    fail(title) {
      isClosing = true;
      if (live) live.stop({ code: 500, title });
      else closed(500, title);
    },
  };
};
