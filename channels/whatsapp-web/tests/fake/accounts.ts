// Who is on WhatsApp, and with which devices: device 0 is the phone, the others are linked to it.
import { type BinaryNode, Curve, jidDecode } from 'baileys';
import { server } from './nodes.ts';
import { PreKeys } from './pre-keys.ts';

/** How a person is addressed: by number, or by LID. */
export type Addressing = 'pn' | 'lid';

export interface Device {
  readonly account: Account;
  readonly id: number;
  readonly keys: PreKeys;
  /** Takes stanzas while the device is connected. */
  receive: ((stanza: BinaryNode) => void) | undefined;
  /** What waits for the device to connect. */
  waiting: BinaryNode[];
  /** What it got and did not acknowledge yet, by `stanzaKey`. */
  readonly unacknowledged: Map<string, BinaryNode>;
}

export class Account {
  readonly identity = Curve.generateKeyPair();
  readonly devices = new Map<number, Device>();
  /** Whether WhatsApp takes messages for it under its LID only. */
  isMigrated = false;
  /** Who wrote to it before. */
  readonly knows = new Set<Account>();
  /** A companion is connected and had what waited for it. */
  onReady: (device: Device) => void = () => {};
  private lastDevice = 0;

  constructor(
    /** The number in digits. */
    readonly number: string,
    /** The digits of its LID. */
    readonly lidNumber: string,
    readonly name: string,
  ) {
    this.add(0);
  }

  get phone(): Device {
    return this.devices.get(0) as Device;
  }

  get companions(): Device[] {
    return [...this.devices.values()].filter(({ id }) => id > 0);
  }

  /** Adds a device that is linked now. Ids are not used twice. */
  link(): Device {
    this.lastDevice += 1;
    return this.add(this.lastDevice);
  }

  /** The address, of a device of it if `device` is not 0. */
  jid(addressing: Addressing, device = 0): string {
    const [user, host] = addressing === 'lid' ? [this.lidNumber, 'lid'] : [this.number, server];
    return `${user}${device ? `:${device}` : ''}@${host}`;
  }

  private add(id: number): Device {
    const device: Device = {
      account: this,
      id,
      keys: new PreKeys(),
      receive: undefined,
      waiting: [],
      unacknowledged: new Map(),
    };
    this.devices.set(id, device);
    return device;
  }
}

export class Accounts {
  private readonly byNumber = new Map<string, Account>();
  private readonly byLid = new Map<string, Account>();

  add(account: Account): void {
    this.byNumber.set(account.number, account);
    this.byLid.set(account.lidNumber, account);
  }

  withNumber(number: string): Account | undefined {
    return this.byNumber.get(number);
  }

  /** Whose address this is. */
  at(jid: string | undefined): Account | undefined {
    const address = jid === undefined ? undefined : jidDecode(jid);
    if (!address) return undefined;
    return address.server === 'lid' ? this.byLid.get(address.user) : this.byNumber.get(address.user);
  }

  /** Which device's address this is. */
  deviceAt(jid: string | undefined): Device | undefined {
    return this.at(jid)?.devices.get(jidDecode(jid)?.device ?? 0);
  }

  all(): Account[] {
    return [...this.byNumber.values()];
  }
}

export const addressingOf = (jid: string | undefined): Addressing => (jid?.endsWith('@lid') ? 'lid' : 'pn');
