// The public keys of a device that the server gives to senders.
import type { BinaryNode } from 'baileys';
import { bytesIn, child, children, node } from './nodes.ts';

const idBytes = 3;
const keyBytes = 32;

export class PreKeys {
  private bundle: BinaryNode[] | undefined;
  // Hundreds of keys for each of hundreds of devices: bytes in one piece, not stanzas.
  private oneTime = Buffer.alloc(0);

  /** Takes what a device uploads. */
  put(upload: BinaryNode): void {
    const copy = (tag: string) => node(tag, {}, Buffer.from(bytesIn(upload, tag)));
    this.bundle = [copy('registration'), copy('type'), copy('identity'), copyOfSigned(child(upload, 'skey'))];
    const keys = children(child(upload, 'list'), 'key').map(key =>
      Buffer.concat([bytesIn(key, 'id'), bytesIn(key, 'value')]),
    );
    this.oneTime = Buffer.concat([this.oneTime, ...keys]);
  }

  /** Takes a fresh signed key. */
  rotate(rotation: BinaryNode): void {
    this.bundle = this.bundle?.map(part => (part.tag === 'skey' ? copyOfSigned(child(rotation, 'skey')) : part));
  }

  get count(): number {
    return this.oneTime.length / (idBytes + keyBytes);
  }

  /** The keys for one new session, with a one-time key if any is left. Undefined before the device uploaded any. */
  take(): BinaryNode[] | undefined {
    if (!this.bundle) return undefined;
    if (this.count === 0) return this.bundle;
    const [id, value] = [this.oneTime.subarray(0, idBytes), this.oneTime.subarray(idBytes, idBytes + keyBytes)];
    this.oneTime = this.oneTime.subarray(idBytes + keyBytes);
    return [...this.bundle, node('key', {}, [node('id', {}, id), node('value', {}, value)])];
  }
}

function copyOfSigned(key: BinaryNode | undefined): BinaryNode {
  const copy = (tag: string) => node(tag, {}, Buffer.from(bytesIn(key, tag)));
  return node('skey', {}, [copy('id'), copy('value'), copy('signature')]);
}
