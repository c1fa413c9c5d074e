// A companion that is nothing but the library, unchanged: what the fake has to satisfy.
import { readFileSync } from 'node:fs';
import { Agent as HttpsAgent } from 'node:https';
import makeWASocket, {
  type AuthenticationCreds,
  type BinaryNode,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalKeyStore,
  type UserFacingSocketConfig,
  type WAMessage,
  type WASocket,
} from 'baileys';
import { Agent, buildConnector } from 'undici';
import type { FakeWhatsApp } from './fake/index.ts';
import { silent } from './fake/silent.ts';
import { Changes } from './fake/waiting.ts';

/** An update of a message of the companion's, such as a receipt. */
interface Update {
  id: string;
  status: number | null | undefined;
  code: string | undefined;
  text: string | undefined;
  isDeleted: boolean;
  by: string | undefined;
}

interface Upserted {
  type: 'notify' | 'append' | 'history';
  message: WAMessage;
}

export class Companion {
  socket!: WASocket;
  readonly codes: string[] = [];
  readonly upserts: Upserted[] = [];
  readonly updates: Update[] = [];
  readonly reactions: { id: string; emoji: string }[] = [];
  readonly calls: { id: string; status: string }[] = [];
  readonly closes: (number | undefined)[] = [];
  /** The ids of messages that the server accepted. */
  readonly acknowledged: string[] = [];
  isOpen = false;
  private readonly changes = new Changes();
  private creds: AuthenticationCreds = initAuthCreds();
  private readonly keys = new Map<string, string>();

  constructor(
    private readonly fake: FakeWhatsApp,
    private readonly config: Partial<UserFacingSocketConfig> = {},
  ) {}

  /** Opens a connection, and a new one whenever the server asks for a restart. */
  connect(): this {
    this.socket = makeWASocket({
      auth: { creds: this.creds, keys: this.keyStore() },
      waWebSocketUrl: this.fake.url,
      logger: silent,
      markOnlineOnConnect: false,
      fetchAgent: new HttpsAgent({ ca: readFileSync(this.fake.caFile) }),
      options: this.httpOptions(),
      getMessage: async ({ id }) =>
        this.upserts.find(({ message }) => message.key.id === id)?.message.message ?? undefined,
      ...this.config,
    });
    this.socket.ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) => {
      if (!attrs.error) this.acknowledged.push(attrs.id ?? '');
      this.changes.happened();
    });
    this.socket.ev.process(events => {
      const connection = events['connection.update'];
      if (events['creds.update']) Object.assign(this.creds, events['creds.update']);
      if (connection?.qr) this.codes.push(connection.qr);
      if (connection?.connection === 'open') this.isOpen = true;
      for (const message of events['messages.upsert']?.messages ?? []) {
        this.upserts.push({ type: events['messages.upsert']?.type ?? 'notify', message });
        this.updates.push(...updatesWithin(message));
      }
      for (const message of events['messaging-history.set']?.messages ?? [])
        this.upserts.push({ type: 'history', message });
      for (const { key, update } of events['messages.update'] ?? [])
        this.updates.push({
          id: key.id ?? '',
          status: update.status,
          code: update.messageStubParameters?.[0] ?? undefined,
          text: update.message?.editedMessage?.message?.conversation ?? undefined,
          isDeleted: update.message === null,
          by: undefined,
        });
      for (const { key, receipt } of events['message-receipt.update'] ?? [])
        this.updates.push({
          id: key.id ?? '',
          status: receipt.readTimestamp ? 4 : 3,
          code: undefined,
          text: undefined,
          isDeleted: false,
          by: receipt.userJid ?? undefined,
        });
      for (const { key, reaction } of events['messages.reaction'] ?? [])
        this.reactions.push({ id: key.id ?? '', emoji: reaction.text ?? '' });
      for (const { id, status } of events.call ?? []) this.calls.push({ id, status });
      if (connection?.connection === 'close') this.closed(connection.lastDisconnect?.error);
      this.changes.happened();
    });
    return this;
  }

  /** Makes the library trust the media server. */
  httpOptions(): RequestInit {
    const ca = readFileSync(this.fake.caFile);
    const connect = buildConnector({ ca });
    // History names no host: the library asks WhatsApp's own.
    const [hostname = '', port = ''] = this.fake.media.host.split(':');
    const dispatcher = new Agent({
      connect: (options, done) => connect({ ...options, hostname, host: hostname, port, servername: '' }, done),
    });
    // The library hands these options to fetch, which takes a dispatcher that its type does not know.
    return { dispatcher } as unknown as RequestInit;
  }

  until<T>(find: () => T | undefined | false, what: string): Promise<T> {
    return this.changes.until(find, what);
  }

  /** The newest code, once there are `count`. */
  code(count = 1): Promise<string> {
    return this.until(() => this.codes.length >= count && this.codes.at(-1), 'a QR code');
  }

  async opened(): Promise<void> {
    await this.until(() => this.isOpen, 'the connection to open');
  }

  /** Waits until it had its history: before, it would wait for it at each connection. */
  async synchronised(): Promise<void> {
    await this.until(() => this.creds.accountSyncCounter > 0, 'the history');
  }

  /** The code of the next end of a connection that is no restart. */
  async ended(): Promise<number | undefined> {
    const before = this.closes.length;
    await this.until(() => this.closes.length > before, 'the connection to end');
    return this.closes.at(-1);
  }

  /** Waits for a message with this text or id; one that is there already counts. */
  got(textOrId: string): Promise<Upserted> {
    const isIt = ({ message }: Upserted) => message.key.id === textOrId || textOf(message) === textOrId;
    return this.until(() => this.upserts.find(isIt), `the message "${textOrId}"`);
  }

  /** Waits for an update of a message. */
  updated(id: string | null | undefined, matches: (update: Update) => unknown): Promise<Update> {
    return this.until(() => this.updates.find(each => each.id === id && matches(each)), `an update of ${id}`);
  }

  /** Ends the connection as a program does that stops. */
  async leave(): Promise<void> {
    const ended = this.ended();
    this.socket.end(undefined);
    await ended;
  }

  private closed(error: Error | undefined): void {
    this.isOpen = false;
    const code = (error as { output?: { statusCode: number } } | undefined)?.output?.statusCode;
    if (code === 515) this.connect();
    else this.closes.push(code);
  }

  private keyStore(): SignalKeyStore {
    const { keys } = this;
    return {
      get: async (type, ids) =>
        Object.fromEntries(
          ids.flatMap(id => {
            const text = keys.get(`${type}:${id}`);
            if (text === undefined) return [];
            const value = JSON.parse(text, BufferJSON.reviver);
            return [[id, type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value) : value]];
          }),
        ),
      set: async changes => {
        for (const [type, byId] of Object.entries(changes))
          for (const [id, value] of Object.entries(byId ?? {}))
            if (value === null) keys.delete(`${type}:${id}`);
            else keys.set(`${type}:${id}`, JSON.stringify(value, BufferJSON.replacer));
      },
    };
  }
}

/** The library hands updates that come early together with the message. */
function updatesWithin({ key, status, messageStubParameters, userReceipt }: WAMessage): Update[] {
  const common = { id: key.id ?? '', code: messageStubParameters?.[0], text: undefined, isDeleted: false };
  const receipts = (userReceipt ?? []).map(receipt => ({
    ...common,
    status: receipt.readTimestamp ? 4 : 3,
    by: receipt.userJid ?? undefined,
  }));
  return [{ ...common, status, by: undefined }, ...receipts];
}

const textOf = ({ message }: WAMessage): string | undefined =>
  message?.conversation ?? message?.extendedTextMessage?.text ?? undefined;

/** A companion that is linked to a phone by QR code, and connected. */
export async function linked(
  fake: FakeWhatsApp,
  number: string,
  options: { name?: string; config?: Partial<UserFacingSocketConfig> } = {},
) {
  const phone = fake.phone(number, { name: options.name ?? 'Owner' });
  const companion = new Companion(fake, options.config).connect();
  await phone.scan(await companion.code());
  await Promise.all([companion.synchronised(), phone.online()]);
  return { phone, companion };
}
