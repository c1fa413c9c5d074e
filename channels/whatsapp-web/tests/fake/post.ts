// Carries stanzas to devices: at once, or when they connect. What a device did not acknowledge comes again.
import type { BinaryNode } from 'baileys';
import type { Device } from './accounts.ts';
import { children, firstChild } from './nodes.ts';

const acknowledgedTags = new Set(['message', 'receipt', 'notification', 'call', 'status']);

/** Hands a stanza to a device, or keeps it until the device connects. */
export function deliver(device: Device, stanza: BinaryNode): void {
  if (!device.receive) {
    device.waiting.push(stanza);
    return;
  }
  // A phone acknowledges by having received: it loses nothing.
  if (device.id > 0 && acknowledgedTags.has(stanza.tag)) device.unacknowledged.set(stanzaKey(stanza), stanza);
  device.receive(stanza);
}

/** Takes what a companion sends as the sign that it has a stanza: an `ack`, or for messages a receipt. */
export function acknowledge(device: Device, sign: BinaryNode): void {
  const { id = '', type, participant } = sign.attrs;
  if (sign.tag === 'ack') {
    const tag = sign.attrs.class ?? '';
    device.unacknowledged.delete(tag === 'message' ? messageKey(id) : keyOf(tag, id, type, participant));
    return;
  }
  // The companion asks for the message again, or for its file: it does not have it.
  if (type === 'retry' || type === 'server-error') return;
  const list = firstChild(sign);
  for (const each of [id, ...children(list, 'item').map(({ attrs }) => attrs.id ?? '')])
    device.unacknowledged.delete(messageKey(each));
}

/** The connection ended: what was not acknowledged waits again, before what came later. */
export function disconnected(device: Device): void {
  device.receive = undefined;
  device.waiting.unshift(...device.unacknowledged.values());
  device.unacknowledged.clear();
}

/** Hands over what waited, marked as such, and from then on everything at once. */
export function connected(device: Device, receive: (stanza: BinaryNode) => void): void {
  const waiting = device.waiting.splice(0);
  device.receive = receive;
  for (const [index, stanza] of waiting.entries())
    deliver(device, { ...stanza, attrs: { ...stanza.attrs, offline: String(index) } });
}

const messageKey = (id: string) => `message:${id}`;
const keyOf = (tag: string, id: string, type = '', participant = '') => `${tag}:${id}:${type}:${participant}`;
const stanzaKey = ({ tag, attrs }: BinaryNode) =>
  tag === 'message' ? messageKey(attrs.id ?? '') : keyOf(tag, attrs.id ?? '', attrs.type, attrs.participant);
