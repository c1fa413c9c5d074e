// A fake WhatsApp: real clients link to it and talk through it, on this machine only.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BinaryNode } from 'baileys';
import { WebSocketServer } from 'ws';
import { Account, Accounts } from './accounts.ts';
import { Group } from './groups.ts';
import { Ledger } from './ledger.ts';
import { Linking } from './linking.ts';
import { StanzaLog } from './log.ts';
import { MediaServer } from './media.ts';
import { node, now, server, stanzaId } from './nodes.ts';
import { makeServerKeys } from './noise.ts';
import { Owner } from './owner.ts';
import type { Person } from './person.ts';
import { type ExpectedFault, type MessageFault, type NewChats, Script } from './script.ts';
import { Session } from './session.ts';
import { type Ending, Sessions, streamError } from './sessions.ts';
import { Transport } from './transport.ts';
import type { World } from './world.ts';

export interface FakeOptions {
  /** A file that gets a line for each message that companions send, on disk before they hear of it. */
  ledgerFile?: string;
}

export class FakeWhatsApp {
  readonly world: World;
  private readonly keys = makeServerKeys();
  private readonly linking = new Linking();
  private readonly sessions = new Sessions();
  private readonly owners = new Map<Account, Owner>();
  private sockets: WebSocketServer | undefined;
  private http: Server | undefined;
  private port = 0;

  constructor({ ledgerFile }: FakeOptions) {
    this.world = {
      accounts: new Accounts(),
      groups: new Map(),
      media: new MediaServer(),
      log: new StanzaLog(),
      ledger: new Ledger(ledgerFile),
      script: new Script(),
    };
  }

  /** Where clients connect. */
  get url(): string {
    return `ws://127.0.0.1:${this.port}/ws/chat`;
  }

  /** The certificate of the media server, for clients to trust. */
  get caFile(): string {
    return this.world.media.caFile;
  }

  get log(): StanzaLog {
    return this.world.log;
  }

  get ledger(): Ledger {
    return this.world.ledger;
  }

  get media(): MediaServer {
    return this.world.media;
  }

  get script(): Script {
    return this.world.script;
  }

  /** Somebody with a phone, who can link companions to it. The same number is the same phone. */
  phone(number: string, { name = 'Somebody', lid }: { name?: string; lid?: string } = {}): Owner {
    const digits = number.replace(/\D/g, '');
    const known = this.world.accounts.withNumber(digits);
    const account = known ?? new Account(digits, lid?.replace(/\D/g, '') ?? `9${digits}`, name);
    const owner = this.owners.get(account) ?? new Owner(this.world, account, this.linking, this.sessions);
    this.world.accounts.add(account);
    this.owners.set(account, owner);
    return owner;
  }

  /** Another person. Everybody has a phone: it is the same as `phone`. */
  person(number: string, options?: { name?: string; lid?: string }): Person {
    return this.phone(number, options);
  }

  /** A group of these people; the first made it. */
  group(name: string, members: Person[], { addressing = 'lid' }: { addressing?: 'lid' | 'pn' } = {}): Group {
    const jid = `1203630${String(this.world.groups.size).padStart(11, '0')}@g.us`;
    const group = new Group(
      jid,
      name,
      addressing,
      members.map(({ account }) => account),
    );
    this.world.groups.set(jid, group);
    return group;
  }

  /** Plans what becomes of the next message that a companion sends. */
  next(fault: MessageFault): ExpectedFault {
    return this.world.script.plan(fault);
  }

  /** Ends the connections of the companions of a phone. 401 also unlinks them. */
  disconnect(phone: Person, ending: Ending): void {
    for (const session of this.sessions.of(phone.account)) {
      if (ending === 'broken' || ending === 428) {
        session.transport.cut();
        continue;
      }
      session.send(streamError(ending));
      if (ending === 401 && session.device) phone.account.devices.delete(session.device.id);
      session.transport.end();
    }
  }

  /** Nothing flows any more on the connections of a phone's companions, but the sockets stay open. */
  halfOpen(phone: Person): void {
    for (const session of this.sessions.of(phone.account)) session.transport.isHalfOpen = true;
  }

  /** Sends a stanza of the server's to the companions of a phone. */
  push(phone: Person, stanza: BinaryNode): void {
    for (const session of this.sessions.of(phone.account)) session.send(stanza);
  }

  /** Sends a top-level `status` stanza, which a client has to acknowledge. */
  sendStatus(phone: Person, from: Person, id: string): void {
    this.push(phone, node('status', { id, from: from.account.jid('pn'), t: now(), type: 'text' }, []));
  }

  /** Gives a phone a fresh quota of chats with people who never wrote, and tells its companions; undefined: none. */
  limitNewChats(phone: Person, quota: NewChats | undefined): void {
    const { newChats } = this.world.script;
    if (quota) newChats.set(phone.account, { ...quota, begun: new Set() });
    else newChats.delete(phone.account);
    const told = { data: { xwa2_notify_new_chat_messages_capping_info_update: {} } };
    const update = node('update', { op_name: 'MessageCappingInfoNotification' }, Buffer.from(JSON.stringify(told)));
    this.push(phone, node('notification', { type: 'mex', id: stanzaId(), from: server, t: now() }, [update]));
  }

  /** Refuses logins with `<failure reason=…>`: of the companions of a phone, or of everybody. */
  refuseLogin(reason: number, { phone, times = 1 }: { phone?: Person; times?: number } = {}): void {
    this.world.script.refuse({ reason, account: phone?.account, times });
  }

  /** How many companions are connected. */
  get connections(): number {
    return this.sessions.count;
  }

  async start(): Promise<void> {
    await this.world.media.start();
    await this.listen();
  }

  /** Breaks all connections and accepts new ones, like a server that is restarted. */
  restart(): void {
    for (const client of this.sockets?.clients ?? []) client.terminate();
  }

  /** Breaks all connections and accepts none, until `listen`. */
  async stopListening(): Promise<void> {
    this.restart();
    await new Promise(resolve => this.sockets?.close(resolve));
    this.http?.closeAllConnections();
    await new Promise(resolve => this.http?.close(resolve));
  }

  /** Accepts connections, at the same address as before. */
  async listen(): Promise<void> {
    const http = createServer((request, response) => {
      const { revision } = this.world.script;
      const isKnown = request.url === '/sw.js' && revision !== undefined;
      response.writeHead(isKnown ? 200 : 404).end(isKnown ? `self.x={"client_revision":${revision},"y":1}` : '');
    });
    this.http = http;
    this.sockets = new WebSocketServer({
      server: http,
      verifyClient: (_info: unknown, done: (isAccepted: boolean, status?: number) => void) => {
        const status = this.world.script.upgradeStatus;
        done(status === undefined, status);
      },
    });
    const sockets = this.sockets;
    sockets.on('connection', socket => {
      const session = new Session(this.world, this.linking, this.sessions);
      session.transport = new Transport(socket, this.keys, this.world.script, session);
    });
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (http.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await this.stopListening();
    await this.world.media.close();
    this.world.ledger.close();
  }
}
