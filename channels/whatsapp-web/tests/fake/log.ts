// What went over the connections: for asserts on what the protocol demands.
import type { BinaryNode } from 'baileys';
import type { Device } from './accounts.ts';
import { Changes } from './waiting.ts';

export interface LoggedStanza {
  /** Whether a companion sent it, or got it. */
  direction: 'sent' | 'got';
  /** The number of the companion's phone; undefined while it is being linked. */
  phone: string | undefined;
  device: number | undefined;
  tag: string;
  attrs: Readonly<Record<string, string>>;
  /** The tags of its parts. The parts themselves are not kept: those of 200 sessions would fill the memory. */
  parts: string[];
}

const most = 20_000;

export class StanzaLog {
  readonly stanzas: LoggedStanza[] = [];
  private readonly changes = new Changes();

  add(direction: 'sent' | 'got', device: Device | undefined, stanza: BinaryNode): void {
    if (this.stanzas.length >= most) this.stanzas.splice(0, most / 2);
    const parts = Array.isArray(stanza.content) ? stanza.content.map(({ tag }) => tag).slice(0, 10) : [];
    const phone = device && `+${device.account.number}`;
    this.stanzas.push({ direction, phone, device: device?.id, tag: stanza.tag, attrs: stanza.attrs, parts });
    this.changes.happened();
  }

  /** Waits until a stanza of companions matches; one that is in the log already counts. */
  sent(matches: (stanza: LoggedStanza) => boolean, timeoutMs?: number): Promise<LoggedStanza> {
    return this.changes.until(
      () => this.stanzas.find(stanza => stanza.direction === 'sent' && matches(stanza)),
      `a stanza of a companion that matches ${matches}`,
      timeoutMs,
    );
  }
}
