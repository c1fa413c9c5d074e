// Which devices are connected, each by one session.
import type { BinaryNode } from 'baileys';
import type { Account, Device } from './accounts.ts';
import { node } from './nodes.ts';
import { disconnected } from './post.ts';
import type { Session, SessionEvents } from './session.ts';
import { Changes } from './waiting.ts';

/** How a connection ends: with a code of WhatsApp's, replaced by another (440), or broken without a word (428). */
export type Ending = number | 'conflict' | 'broken';

export class Sessions implements SessionEvents {
  private readonly byDevice = new Map<Device, Session>();
  private readonly changes = new Changes();

  get count(): number {
    return this.byDevice.size;
  }

  of(account: Account): Session[] {
    return [...this.byDevice].filter(([device]) => device.account === account).map(([, session]) => session);
  }

  /** An earlier connection of the device is replaced. */
  joined(session: Session, device: Device): void {
    const before = this.byDevice.get(device);
    this.byDevice.set(device, session);
    if (!before) return;
    disconnected(device);
    before.send(streamError('conflict'));
    before.transport.end();
  }

  isReady(): void {
    this.changes.happened();
  }

  acknowledged(): void {
    this.changes.happened();
  }

  left(session: Session, device: Device): void {
    if (this.byDevice.get(device) !== session) return;
    this.byDevice.delete(device);
    disconnected(device);
    this.changes.happened();
  }

  /** Waits until a companion of an account is connected and had what waited for it. */
  online(account: Account, timeoutMs?: number): Promise<Device> {
    const find = () => account.companions.find(({ receive }) => receive);
    return this.changes.until(find, `a companion of ${account.name} to connect`, timeoutMs);
  }

  /** Waits until the companions of an account have everything that was sent to them. */
  async upToDate(account: Account): Promise<void> {
    const hasAll = () => account.companions.every(each => each.waiting.length + each.unacknowledged.size === 0);
    await this.changes.until(hasAll, `the companions of ${account.name} to have everything`);
  }

  /** Waits until no companion of an account is connected. */
  async offline(account: Account): Promise<void> {
    await this.changes.until(() => this.of(account).length === 0, `the companions of ${account.name} to leave`);
  }
}

/** What a client hears before the server closes its connection. */
export function streamError(ending: Exclude<Ending, 'broken'>): BinaryNode {
  if (ending === 'conflict' || ending === 440)
    return node('stream:error', {}, [node('conflict', { type: 'replaced' })]);
  const code = String(ending);
  if (ending === 401) return node('stream:error', { code }, [node('conflict', { type: 'device_removed' })]);
  // WhatsApp names no code for errors that clients should not meet; the library makes 500 of it.
  if (ending === 500) return node('stream:error', {}, [node('ack', {})]);
  return node('stream:error', { code });
}
