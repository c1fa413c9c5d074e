// What a test makes a person do with their phone.
import { randomBytes } from 'node:crypto';
import type { BinaryNode, proto } from 'baileys';
import type { Account, Addressing, Device } from './accounts.ts';
import { type ChatMessage, describe } from './chat-message.ts';
import * as contents from './contents.ts';
import { Group } from './groups.ts';
import type { MediaKind } from './media.ts';
import { node, now, stanzaId } from './nodes.ts';
import { Phone } from './phone.ts';
import { deliver } from './post.ts';
import { routeMessage, routeReceipt } from './router.ts';
import type { World } from './world.ts';

export interface WriteOptions {
  /** The id of the message; a fresh one otherwise. */
  id?: string;
  /** Addresses it by LID. The recipient finds the number beside it. */
  addressing?: Addressing;
  /** Unix time in seconds. */
  at?: number;
  /** Nobody can decrypt it, until `repair` sends the real one. Recipients ask for it again: see `askedAgain`. */
  isBroken?: boolean;
}

const notShown = new Set([
  'protocolMessage',
  'secretEncryptedMessage',
  'reactionMessage',
  'senderKeyDistributionMessage',
]);

export class Person {
  /** The number in E.164. */
  readonly number: string;
  readonly phone: Phone;
  /** Who asked for which message again, because they could not decrypt it. */
  readonly askedAgain: { device: Device; id: string; count: number }[] = [];

  constructor(
    protected readonly world: World,
    readonly account: Account,
  ) {
    this.number = `+${account.number}`;
    this.phone = new Phone(world, account);
    this.phone.onRetry = (device, id, count) => this.askedAgain.push({ device, id, count });
  }

  get lid(): string {
    return this.account.jid('lid');
  }

  /** From now on WhatsApp refuses messages to the number: only the LID is an address. */
  migrate(): void {
    this.account.isMigrated = true;
  }

  /** What others wrote, once each, in the order of arrival. */
  get inbox(): ChatMessage[] {
    return this.shown(false);
  }

  /** What the owner wrote, here or on a companion. */
  get outbox(): ChatMessage[] {
    return this.shown(true);
  }

  /** Waits for a message with this text, or one that matches; one that is there already counts. */
  waitFor(matches: string | ((message: ChatMessage) => unknown), timeoutMs?: number): Promise<ChatMessage> {
    const isIt = typeof matches === 'string' ? (message: ChatMessage) => message.text === matches : matches;
    return this.phone.changes.until(
      () => [...this.phone.messages.values()].find(isIt),
      `${this.account.name} to see ${typeof matches === 'string' ? `"${matches}"` : 'a message'}`,
      timeoutMs,
    );
  }

  /** Waits until something holds for this person's phone. */
  until<T>(find: () => T | undefined | false, what: string, timeoutMs?: number): Promise<T> {
    return this.phone.changes.until(find, what, timeoutMs);
  }

  /** Waits for a receipt of a message of theirs. */
  receipt(of: ChatMessage, type: string, by?: Person): Promise<unknown> {
    const find = () => of.receipts.find(each => each.type === type && (!by || each.by === by.number));
    return this.until(find, `the receipt ${type} of ${of.id}`);
  }

  write(to: Person | Group, words: string, options?: WriteOptions): Promise<ChatMessage> {
    return this.send(to, contents.withSecret(contents.text(words)), options);
  }

  /** Answers a message, and quotes it. */
  reply(message: ChatMessage, words: string, options?: WriteOptions): Promise<ChatMessage> {
    return this.answer(message, contents.text(words, message), options);
  }

  sendFile(
    to: Person | Group,
    kind: Exclude<MediaKind, 'history'>,
    bytes: Uint8Array,
    options: contents.FileOptions & WriteOptions = {},
  ): Promise<ChatMessage> {
    return this.send(to, contents.file(kind, this.world.media.upload(bytes, kind), options), options);
  }

  sendLocation(to: Person | Group, latitude: number, longitude: number, name?: string): Promise<ChatMessage> {
    return this.send(to, contents.location(latitude, longitude, name));
  }

  sendContact(to: Person | Group, name: string, phone: string): Promise<ChatMessage> {
    return this.send(to, contents.contact(name, phone));
  }

  poll(to: Person | Group, name: string, options: string[]): Promise<ChatMessage> {
    return this.send(to, contents.poll(name, options));
  }

  vote(poll: ChatMessage, options: string[]): Promise<ChatMessage> {
    return this.answer(poll, contents.vote(this.account, poll, options));
  }

  /** Reacts with an emoji; without one the reaction is taken back. */
  react(to: ChatMessage, emoji: string): Promise<ChatMessage> {
    return this.answer(to, contents.reaction(this.account, to, emoji));
  }

  edit(own: ChatMessage, words: string): Promise<ChatMessage> {
    return this.answer(own, contents.edit(this.account, own, words));
  }

  /** Edits it as today's apps do: sealed. What is not openable nobody can read. */
  editSealed(
    own: ChatMessage,
    words: string,
    { isOpenable = true, ...options }: WriteOptions & { isOpenable?: boolean } = {},
  ): Promise<ChatMessage> {
    return this.answer(own, contents.sealedEdit(this.account, own, words, isOpenable), options);
  }

  /** Sets after how many seconds messages of a chat disappear; 0: they stay. Whatever they write then carries it. */
  setTimer(to: Person, seconds: number, options?: WriteOptions): Promise<ChatMessage> {
    return this.send(to, contents.timer(seconds), options);
  }

  delete(own: ChatMessage): Promise<ChatMessage> {
    return this.answer(own, contents.deletion(this.account, own));
  }

  /** Says that the owner read messages of one conversation, or with `played` heard them. */
  read(messages: ChatMessage | ChatMessage[], type: 'read' | 'played' = 'read'): void {
    const [first, ...others] = [messages].flat();
    if (!first) return;
    const isGroup = first.chat instanceof Group;
    const to = first.chat instanceof Group ? first.chat.jid : first.author.jid(first.addressing);
    const participant = isGroup ? first.author.jid(first.addressing) : undefined;
    const list = node(
      'list',
      {},
      others.map(({ id }) => node('item', { id })),
    );
    routeReceipt(
      this.world,
      this.account.phone,
      node('receipt', { id: first.id, to, participant, type }, others.length > 0 ? [list] : undefined),
    );
  }

  /** Shows a companion of somebody that this person types, or stopped. */
  type(to: Person, state: 'composing' | 'paused' = 'composing'): void {
    const stanza = node('chatstate', { from: this.account.jid('pn') }, [node(state, {})]);
    for (const device of to.account.companions) device.receive?.(stanza);
  }

  /** Calls somebody; `end` hangs up before they answered. */
  call(to: Person, { isVideo = false } = {}): { id: string; end(): void } {
    const id = randomBytes(16).toString('hex').toUpperCase();
    const from = this.account.jid('pn');
    const tell = (tag: string, attrs: Record<string, string>, content: BinaryNode[] = []) => {
      const about = node(tag, { 'call-id': id, 'call-creator': from, from, ...attrs }, content);
      const call = node('call', { id: stanzaId(), from, t: now(), notify: this.account.name }, [about]);
      for (const device of to.account.companions) deliver(device, call);
    };
    tell('offer', {}, [node(isVideo ? 'video' : 'audio', {})]);
    return { id, end: () => tell('terminate', { reason: 'timeout' }) };
  }

  /** Sends any protobuf. */
  async send(to: Person | Group, content: proto.IMessage, options: WriteOptions = {}): Promise<ChatMessage> {
    const chat = to instanceof Group ? to : to.account;
    return this.dispatch(chat, to instanceof Group ? to.addressing : (options.addressing ?? 'pn'), content, options);
  }

  /** Sends the real message after a broken one, to the devices that asked for it. */
  async repair(message: ChatMessage): Promise<void> {
    const content = message.content;
    const asked = this.askedAgain.filter(({ id }) => id === message.id);
    if (!content) return;
    await this.phone.inOrder(async () => {
      for (const { device, count } of asked) {
        await this.phone.signal.forget(device);
        const address = device.account.jid(message.addressing, device.id);
        const group = message.chat instanceof Group ? { to: message.chat.jid, participant: address } : { to: address };
        await this.phone.sendToDevice(device, message.id, content, { count: String(count), ...group });
      }
    });
  }

  /** Says that it could not decrypt a message, and asks its author's device for it again. */
  askAgain(message: ChatMessage, from: Device, count = 1): void {
    const to = message.author.jid(message.addressing, from.id);
    const registration = Buffer.alloc(4);
    registration.writeUInt32BE(this.phone.signal.registrationId);
    const retry = node('retry', { count: String(count), id: message.id, t: String(message.at), v: '1' });
    routeReceipt(
      this.world,
      this.account.phone,
      node('receipt', { id: message.id, to, type: 'retry' }, [retry, node('registration', {}, registration)]),
    );
  }

  /** The bytes of a file that somebody sent. */
  fileOf(message: ChatMessage): Buffer {
    const kind = message.kind?.replace('Message', '') as MediaKind;
    const part = message.content?.[`${kind as 'image'}Message`];
    if (!part) throw new Error(`${message.kind} has no file.`);
    return this.world.media.download(part, kind);
  }

  private answer(message: ChatMessage, content: proto.IMessage, options: WriteOptions = {}): Promise<ChatMessage> {
    return this.dispatch(message.chat, options.addressing ?? message.addressing, content, options);
  }

  private async dispatch(
    chat: Account | Group,
    addressing: Addressing,
    written: proto.IMessage,
    options: WriteOptions,
  ) {
    const seconds = this.phone.timers.get(chat) ?? 0;
    const content = seconds > 0 ? contents.expiring(written, seconds) : written;
    const id = options.id ?? randomBytes(16).toString('hex').toUpperCase();
    const at = options.at ?? Math.floor(Date.now() / 1000);
    const message: ChatMessage = {
      id,
      author: this.account,
      chat,
      addressing,
      isOwn: true,
      from: this.number,
      at,
      times: 1,
      ...describe(content),
      isEdited: false,
      isDeleted: false,
      reactions: new Map(),
      receipts: [],
    };
    this.phone.keep(message);
    this.phone.apply(this.account, chat, content);
    await this.phone.inOrder(async () => {
      if (options.isBroken) this.sendBroken(message);
      else await this.phone.send({ chat, addressing }, id, content, String(at));
    });
    return message;
  }

  private sendBroken({ chat, addressing, id, at }: ChatMessage): void {
    const garbage = () => node('enc', { v: '2', type: 'msg' }, randomBytes(80));
    const members = chat instanceof Group ? chat.members : [chat];
    const parts = members
      .flatMap(member => member.companions)
      .map(device => node('to', { jid: device.account.jid(addressing, device.id) }, [garbage()]));
    const to = chat instanceof Group ? chat.jid : chat.jid(addressing);
    const stanza = node('message', { id, to, type: 'text', t: String(at) }, [node('participants', {}, parts)]);
    routeMessage(this.world, this.account.phone, stanza);
  }

  private shown(isOwn: boolean): ChatMessage[] {
    return [...this.phone.messages.values()].filter(each => each.isOwn === isOwn && !notShown.has(each.kind ?? ''));
  }
}
