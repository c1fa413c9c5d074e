// A person who links companions, such as Recado's sessions, to their phone.
import type { BinaryNode, proto } from 'baileys';
import type { Account, Device } from './accounts.ts';
import { type HistoryItem, historyMessage } from './history.ts';
import type { Linking } from './linking.ts';
import { answerMediaRetry } from './media-retry.ts';
import { Person } from './person.ts';
import type { Sessions } from './sessions.ts';
import type { World } from './world.ts';

export class Owner extends Person {
  /** What a companion gets after it is linked. Null: nothing, as if the phone were away. */
  private pastItems: HistoryItem[] | null = [];
  private historyIsInline = true;
  private readonly hadHistory = new Set<Device>();
  /** Whether the phone uploads a file again that a companion misses. */
  uploadsAgain = true;

  constructor(
    world: World,
    account: Account,
    private readonly linking: Linking,
    private readonly sessions: Sessions,
  ) {
    super(world, account);
    account.onReady = device => void this.phone.inOrder(() => this.sendHistory(device));
    this.phone.onServerError = receipt => this.answerMissingFile(receipt);
  }

  /** The owner scans a QR code of a companion. Resolves when the companion confirmed; it then connects anew. */
  async scan(qr: string): Promise<'linked' | 'refreshed' | 'passkey'> {
    const scanned = await this.linking.scan(this.account, qr);
    return typeof scanned === 'string' ? scanned : 'linked';
  }

  /** Waits until a companion asked for a code to type on this phone. */
  askedForCode(): Promise<void> {
    return this.linking.askedForCode(this.account);
  }

  /** The owner types the code of a companion. Fails if the code is wrong. */
  async enterCode(code: string): Promise<void> {
    await this.askedForCode();
    await this.linking.enterCode(this.account, code);
  }

  /** From now on WhatsApp demands a passkey when this phone links a companion. */
  demandPasskey(): void {
    this.linking.needPasskey.add(this.account);
  }

  /** At the next scan the phone asks the companion for a code with another secret. */
  refreshNextScan(): void {
    this.linking.refreshing.add(this.account);
  }

  /** The next request for a code to type is refused. */
  refuseNextCode(error: number): void {
    this.linking.refusedCodes.push(error);
  }

  /**
   * The messages that a companion gets after it is linked. Null: the phone sends none, so that companions wait for them.
   * @param isInline within a message; else as a file at the media server, where the library asks mmg.whatsapp.net for it
   */
  history(items: HistoryItem[] | null, { isInline = true } = {}): void {
    this.pastItems = items;
    this.historyIsInline = isInline;
  }

  get companions(): Device[] {
    return this.account.companions;
  }

  /** Waits until a companion is connected and had what waited for it. */
  online(timeoutMs?: number): Promise<Device> {
    return this.sessions.online(this.account, timeoutMs);
  }

  /** Waits until the companions acknowledged everything that was sent to them. */
  upToDate(): Promise<void> {
    return this.sessions.upToDate(this.account);
  }

  /** Waits until no companion is connected. */
  offline(): Promise<void> {
    return this.sessions.offline(this.account);
  }

  private async sendHistory(device: Device): Promise<void> {
    if (this.hadHistory.has(device) || !this.pastItems) return;
    this.hadHistory.add(device);
    const message = historyMessage(this.world.media, this.account, this.pastItems, this.historyIsInline);
    await this.sendPeer(device, message);
  }

  /** Sends a companion what only one's own devices tell each other. */
  private async sendPeer(device: Device, message: proto.IMessage): Promise<void> {
    const id = `HIST${device.id}${Date.now()}`;
    await this.phone.sendToDevice(device, id, message, { category: 'peer', push_priority: 'high' });
  }

  private answerMissingFile(receipt: BinaryNode): void {
    const message = this.phone.messages.get(receipt.attrs.id ?? '');
    for (const device of this.companions)
      answerMediaRetry(this.world.media, device, receipt, this.uploadsAgain ? message : undefined);
  }
}
