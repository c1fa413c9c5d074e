// A phone: device 0 of an account. It decrypts what arrives, shows each message once, and says that it has it.
import { type BinaryNode, normalizeMessageContent, proto } from 'baileys';
import { type Account, type Addressing, addressingOf, type Device } from './accounts.ts';
import { type ChatMessage, describe, type SeenReceipt } from './chat-message.ts';
import type { Group } from './groups.ts';
import { children, firstChild, node, now } from './nodes.ts';
import { connected, disconnected } from './post.ts';
import { routeMessage, routeReceipt } from './router.ts';
import { PhoneSignal } from './signal.ts';
import { Changes } from './waiting.ts';
import type { World } from './world.ts';

/** Where a message goes, and as whom. */
export interface Destination {
  chat: Account | Group;
  addressing: Addressing;
}

export class Phone {
  readonly messages = new Map<string, ChatMessage>();
  /** After how many seconds messages of a chat disappear, where somebody set that. */
  readonly timers = new Map<Account | Group, number>();
  readonly changes = new Changes();
  readonly signal: PhoneSignal;
  /** Whether it says that messages arrived. */
  saysDelivered = true;
  /** What came from the owner's companions for the phone itself, such as requests. */
  onPeerMessage: (from: Device, message: proto.IMessage, id: string) => void = () => {};
  /** Somebody could not decrypt a message of this phone, and asks for it again. */
  onRetry: (from: Device, id: string, count: number) => void = () => {};
  onServerError: (receipt: BinaryNode) => void = () => {};
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    readonly world: World,
    readonly account: Account,
  ) {
    this.signal = new PhoneSignal(account);
    this.turnOn();
  }

  turnOn(): void {
    connected(this.account.phone, stanza => void this.inOrder(() => this.take(stanza)));
  }

  /** Messages wait until it is on again. */
  turnOff(): void {
    disconnected(this.account.phone);
  }

  /** One thing after the other: sessions do not bear two at once. */
  inOrder<T>(step: () => Promise<T>): Promise<T> {
    const done = this.work.then(step);
    this.work = done.catch(() => undefined);
    return done;
  }

  /** Encrypts a message for all devices that it is for, and sends it. */
  async send({ chat, addressing }: Destination, id: string, content: proto.IMessage, at = now()): Promise<void> {
    const type = describe(content).kind?.match(/image|video|audio|document|sticker/) ? 'media' : 'text';
    if ('members' in chat) return this.sendToGroup(chat, id, type, content, at);
    const to = chat.jid(addressing);
    const forOwn: proto.IMessage = { deviceSentMessage: { destinationJid: to, message: content } };
    const parts: BinaryNode[] = [];
    const put = async (device: Device, message: proto.IMessage) => {
      const encrypted = await this.signal.encrypt(device, message);
      if (encrypted) parts.push(node('to', { jid: device.account.jid(addressing, device.id) }, [encrypted]));
    };
    for (const device of chat.devices.values()) if (chat !== this.account) await put(device, content);
    for (const device of this.account.companions) await put(device, forOwn);
    const stanza = node('message', { id, to, type, t: at }, [node('participants', {}, parts)]);
    routeMessage(this.world, this.account.phone, stanza);
  }

  /** Sends a message to one device only: a companion of one's own, or one that asked for it again. */
  async sendToDevice(device: Device, id: string, content: proto.IMessage, attrs: Record<string, string> = {}) {
    const encrypted = await this.signal.encrypt(device, content);
    if (!encrypted) throw new Error(`Device ${device.id} of ${device.account.name} has no keys yet.`);
    const { count, to = device.account.jid('pn', device.id), ...others } = attrs;
    if (count !== undefined) encrypted.attrs.count = count;
    routeMessage(this.world, this.account.phone, node('message', { id, to, type: 'text', ...others }, [encrypted]));
  }

  /** Keeps a message that the owner wrote on this phone. */
  keep(message: ChatMessage): void {
    this.messages.set(message.id, message);
    this.changes.happened();
  }

  private async sendToGroup(group: Group, id: string, type: string, content: proto.IMessage, at: string) {
    const devices = group.members
      .flatMap(member => [...member.devices.values()])
      .filter(device => device !== this.account.phone);
    const { encrypted, keys } = await this.signal.encryptForGroup(group, devices, content);
    const parts = keys.map(each =>
      node('to', { jid: each.device.account.jid(group.addressing, each.device.id) }, [each.encrypted]),
    );
    const stanza = node('message', { id, to: group.jid, type, t: at }, [node('participants', {}, parts), encrypted]);
    routeMessage(this.world, this.account.phone, stanza);
  }

  private async take(stanza: BinaryNode): Promise<void> {
    if (stanza.tag === 'receipt') this.takeReceipt(stanza);
    else if (stanza.tag === 'message') await this.takeMessage(stanza);
    this.changes.happened();
  }

  private async takeMessage(stanza: BinaryNode): Promise<void> {
    const { id = '', from = '', participant } = stanza.attrs;
    const author = this.world.accounts.deviceAt(participant ?? from);
    if (!author) return;
    const group = this.world.groups.get(from);
    let content: proto.IMessage | undefined;
    try {
      for (const encrypted of children(stanza, 'enc'))
        content = { ...content, ...(await this.signal.decrypt(author, encrypted, group)) };
    } catch {
      this.show(stanza, author, group, undefined);
      return;
    }
    if (!content) return;
    if (stanza.attrs.category === 'peer') return this.onPeerMessage(author, content, id);
    this.show(stanza, author, group, content.deviceSentMessage?.message ?? content);
    if (!this.saysDelivered || author.account === this.account) return;
    routeReceipt(this.world, this.account.phone, node('receipt', { id, to: from, participant }));
  }

  private show(stanza: BinaryNode, { account }: Device, group: Group | undefined, content: proto.IMessage | undefined) {
    const { id = '', from, recipient, t } = stanza.attrs;
    const isOwn = account === this.account;
    const chat = group ?? (isOwn ? this.world.accounts.at(recipient) : account);
    if (!chat) return;
    const known = this.messages.get(id);
    if (known) {
      known.times += 1;
      if (content && !known.content) Object.assign(known, describe(content));
      return;
    }
    this.messages.set(id, {
      id,
      author: account,
      chat,
      addressing: group?.addressing ?? addressingOf(from),
      isOwn,
      from: `+${account.number}`,
      at: Number(t),
      times: 1,
      ...(content ? describe(content) : unreadable),
      isEdited: false,
      isDeleted: false,
      reactions: new Map(),
      receipts: [],
    });
    if (content) this.apply(account, chat, content);
  }

  /** Changes the message that a reaction, an edit or a deletion is about, or the timer of the chat. */
  apply(author: Account, chat: Account | Group, message: proto.IMessage): void {
    const content = normalizeMessageContent(message);
    const setting = content?.protocolMessage;
    if (setting?.type === proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING) {
      this.timers.set(chat, setting.ephemeralExpiration ?? 0);
      return;
    }
    const reaction = content?.reactionMessage;
    const reacted = this.messages.get(reaction?.key?.id ?? '');
    if (reacted && reaction?.text) reacted.reactions.set(`+${author.number}`, reaction.text);
    else reacted?.reactions.delete(`+${author.number}`);
    const change = content?.protocolMessage;
    const changed = this.messages.get(change?.key?.id ?? '');
    if (!change || changed?.author !== author) return;
    if (change.editedMessage) {
      changed.isEdited = true;
      changed.text = describe(change.editedMessage).text;
    } else changed.isDeleted = true;
  }

  private takeReceipt(stanza: BinaryNode): void {
    const { id = '', from, participant, type = 'delivered', t } = stanza.attrs;
    const device = this.world.accounts.deviceAt(participant ?? from);
    const list = firstChild(stanza);
    if (type === 'server-error') this.onServerError(stanza);
    else if (device && type === 'retry') this.onRetry(device, id, Number(list?.attrs.count ?? 1));
    else if (device) this.takeSigns([id, ...idsIn(list)], { by: `+${device.account.number}`, type, at: Number(t) });
  }

  private takeSigns(ids: string[], receipt: SeenReceipt): void {
    for (const id of ids) this.messages.get(id)?.receipts.push(receipt);
  }
}

const unreadable = { content: undefined, kind: undefined, text: undefined, quotes: undefined, expiration: undefined };

const idsIn = (list: BinaryNode | undefined) => children(list, 'item').map(({ attrs }) => attrs.id ?? '');
