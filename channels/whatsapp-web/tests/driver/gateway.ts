// A gateway for tests: starts the built session process, keeps the state of its sessions, and remembers what came.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  FromProcess,
  GatewayRequests,
  LinkMethod,
  ProcessSettings,
  SessionCall,
  SessionCalls,
  SessionNotice,
  ToProcess,
  WebItem,
  WebRecipient,
} from '../../protocol.ts';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

type Request = FromProcess & { kind: 'request' };

/** The treatment of a request by a test: an answer, none, the work without an answer, a refusal, or a wait. */
type Treatment = 'answer' | 'ignore' | 'store' | 'refuse' | 'hold';

interface Stored {
  credentials: string | null;
  keys: Map<string, string>;
}

/** One session as the gateway knows it. */
export class TestSession {
  readonly stored: Stored = { credentials: null, keys: new Map() };
  readonly notices: SessionNotice[] = [];
  readonly items: WebItem[] = [];
  epoch = 0;

  constructor(
    private readonly gateway: TestGateway,
    readonly id: string,
  ) {}

  open(link: LinkMethod | null = null): void {
    this.epoch += 1;
    this.notices.length = 0;
    const { credentials } = this.stored;
    const version = [2, 3000, 1043857760] as const;
    this.gateway.tell({ kind: 'open', open: { session: this.id, epoch: this.epoch, credentials, link, version } });
  }

  async opened(): Promise<SessionNotice & { kind: 'open' }> {
    this.open();
    return this.notice('open');
  }

  close(options: { logout?: boolean } = {}): Promise<SessionNotice & { kind: 'closed' }> {
    this.gateway.tell({ kind: 'close', session: this.id, epoch: this.epoch, logout: options.logout ?? false });
    return this.notice('closed');
  }

  /** Links it by QR code and opens it. */
  async link(scan: (code: string) => Promise<unknown>): Promise<void> {
    this.open({ kind: 'qr' });
    const { value } = await this.notice('code');
    await scan(value);
    await this.notice('closed');
    await this.opened();
  }

  /** The first notice of a kind since it was opened. */
  notice<Kind extends SessionNotice['kind']>(
    kind: Kind,
    matches: (notice: SessionNotice & { kind: Kind }) => boolean = () => true,
  ): Promise<SessionNotice & { kind: Kind }> {
    const isIt = (notice: SessionNotice): notice is SessionNotice & { kind: Kind } =>
      notice.kind === kind && matches(notice as SessionNotice & { kind: Kind });
    return this.gateway.until(`a notice ${kind} of ${this.id}`, () => this.notices.find(isIt));
  }

  /** The first item of a kind that matches. */
  item<Kind extends WebItem['kind']>(
    kind: Kind,
    matches: (item: WebItem & { kind: Kind }) => unknown = () => true,
  ): Promise<WebItem & { kind: Kind }> {
    const isIt = (item: WebItem): item is WebItem & { kind: Kind } =>
      item.kind === kind && !!matches(item as WebItem & { kind: Kind });
    return this.gateway.until(`an item ${kind} of ${this.id}`, () => this.items.find(isIt));
  }

  /** The first item of the message with this id. */
  message(id: string): Promise<WebItem & { kind: 'message' }> {
    return this.item('message', ({ key }) => key.id === id);
  }

  async call<Name extends SessionCall>(
    call: Name,
    args: SessionCalls[Name]['args'],
  ): Promise<SessionCalls[Name]['result']> {
    const result = await this.gateway.call(this, call, args);
    if (!result.ok) throw new Error(result.code);
    return result.result as SessionCalls[Name]['result'];
  }

  send(messageId: string, to: string, body: string, recipient?: WebRecipient): Promise<SessionCalls['send']['result']> {
    const base = { type: 'text', content: { body }, file: undefined, target: undefined };
    return this.call('send', { messageId, to, recipient, ...base });
  }

  /** The ids of the keys of a type. */
  keysOf(type: string): string[] {
    return [...this.stored.keys.keys()].flatMap(key =>
      key.startsWith(`${type}|`) ? [key.slice(type.length + 1)] : [],
    );
  }
}

export class TestGateway {
  readonly folder = mkdtempSync(join(tmpdir(), 'recado-web-'));
  /** What the process wrote to its output. */
  output = '';
  /** What becomes of each request. */
  treat: (request: Request) => Treatment = () => 'answer';
  readonly requests: Request[] = [];
  private readonly sessions = new Map<string, TestSession>();
  private readonly waiting = new Set<() => void>();
  private readonly calls = new Map<number, (result: FromProcess & { kind: 'result' }) => void>();
  private readonly held: Request[] = [];
  private nextCall = 1;
  private child!: ChildProcess;

  constructor(
    private readonly settings: Partial<ProcessSettings> & { url: string },
    private readonly caFile: string,
  ) {}

  async start(): Promise<void> {
    const env = { NODE_EXTRA_CA_CERTS: this.caFile, TMPDIR: this.folder };
    this.child = fork(program, { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        this.check();
      });
    this.child.on('message', message => this.take(message as FromProcess));
    const settings = { folder: this.folder, showsTyping: false, ackMs: 5000, historyDays: 0, ...this.settings };
    this.tell({ kind: 'settings', settings });
    await once(this.child, 'message');
  }

  session(id: string): TestSession {
    const session = this.sessions.get(id) ?? new TestSession(this, id);
    this.sessions.set(id, session);
    return session;
  }

  tell(message: ToProcess): void {
    this.child.send(message);
  }

  call(session: TestSession, call: SessionCall, args: unknown): Promise<FromProcess & { kind: 'result' }> {
    return new Promise(resolve => {
      const id = this.nextCall++;
      this.calls.set(id, resolve);
      this.tell({ kind: 'call', id, session: session.id, epoch: session.epoch, call, args });
    });
  }

  /** Answers the requests that were held. */
  release(): void {
    this.treat = () => 'answer';
    for (const request of this.held.splice(0))
      this.tell({ kind: 'answer', id: request.id, ok: true, result: this.store(request) });
  }

  /** Kills the process, as a crash would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Hangs up, as a gateway does that ends. Resolves with the exit code of the process. */
  async hangUp(): Promise<number> {
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    return (await exited)[0];
  }

  async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Resolves with the first value of `find`, which is asked again after each message of the process. */
  until<Found>(what: string, find: () => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(check);
        reject(new Error(`Waited in vain for ${what}.\n${this.output.slice(-2000)}`));
      }, 30_000);
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.waiting.delete(check);
        resolve(found);
      };
      this.waiting.add(check);
      check();
    });
  }

  private take(message: FromProcess): void {
    if (message.kind === 'request') this.takeRequest(message);
    else if (message.kind === 'result') {
      this.calls.get(message.id)?.(message);
      this.calls.delete(message.id);
    } else if (message.kind === 'notice' && this.session(message.session).epoch === message.epoch)
      this.session(message.session).notices.push(message.notice);
    this.check();
  }

  private check(): void {
    for (const check of [...this.waiting]) check();
  }

  private takeRequest(request: Request): void {
    this.requests.push(request);
    const { id } = request;
    const treatment = this.treat(request);
    if (treatment === 'ignore') return;
    if (treatment === 'hold') {
      this.held.push(request);
      return;
    }
    if (treatment === 'refuse') this.tell({ kind: 'answer', id, ok: false, code: 'fenced', message: 'Fenced.' });
    else if (treatment === 'store') this.store(request);
    else this.tell({ kind: 'answer', id, ok: true, result: this.store(request) });
  }

  private store({ session, request, args }: Request): unknown {
    const { stored, items } = this.session(session);
    if (request === 'getKeys') {
      const { type, ids } = args as GatewayRequests['getKeys']['args'];
      const found = ids.map(id => [id, stored.keys.get(`${type}|${id}`)]);
      return Object.fromEntries(found.filter(([, text]) => text !== undefined));
    }
    if (request === 'listKeys') {
      const start = `${(args as GatewayRequests['listKeys']['args']).type}|`;
      const found = [...stored.keys].filter(([key]) => key.startsWith(start));
      return Object.fromEntries(found.map(([key, text]) => [key.slice(start.length), text]));
    }
    if (request === 'saveCredentials')
      stored.credentials = (args as GatewayRequests['saveCredentials']['args']).credentials;
    else if (request === 'setKeys') this.change(stored, (args as GatewayRequests['setKeys']['args']).changes);
    else {
      const { items: delivered, settled } = args as GatewayRequests['deliver']['args'];
      items.push(...delivered);
      for (const key of settled) stored.keys.delete(`pending-message|${key}`);
    }
    return null;
  }

  private change({ keys }: Stored, changes: GatewayRequests['setKeys']['args']['changes']): void {
    for (const [type, values] of Object.entries(changes))
      for (const [id, text] of Object.entries(values))
        if (text === null) keys.delete(`${type}|${id}`);
        else keys.set(`${type}|${id}`, text);
  }
}

/** Starts a session process with a gateway for it. */
export const startGateway = async (
  settings: Partial<ProcessSettings> & { url: string },
  caFile: string,
): Promise<TestGateway> => {
  const gateway = new TestGateway(settings, caFile);
  await gateway.start();
  return gateway;
};
