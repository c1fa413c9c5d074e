// Brings what a device sends to the devices that it is meant for.
import type { BinaryNode } from 'baileys';
import { type Account, type Addressing, addressingOf, type Device } from './accounts.ts';
import type { Group } from './groups.ts';
import { child, children, node, now, stanzaId } from './nodes.ts';
import { deliver } from './post.ts';
import type { World } from './world.ts';

/** Delivers a message to all devices that it was encrypted for. */
export function routeMessage(world: World, sender: Device, stanza: BinaryNode): void {
  const { to = '' } = stanza.attrs;
  const group = world.groups.get(to);
  const encrypted = children(stanza, 'enc');
  if (group) routeToGroup(world, sender, stanza, group);
  // Encrypted for one device: a message between one's own devices, or one that was asked for again.
  else if (encrypted.length > 0) routeToDevice(world, sender, stanza, encrypted, to);
  else
    for (const each of children(child(stanza, 'participants'), 'to'))
      routeToDevice(world, sender, stanza, children(each, 'enc'), each.attrs.jid);
}

function routeToDevice(world: World, sender: Device, stanza: BinaryNode, encrypted: BinaryNode[], to?: string): void {
  const device = world.accounts.deviceAt(to);
  if (device) deliver(device, message(sender, device, stanza, encrypted, to));
}

/** A message as a device gets it. `address` is the recipient's, as the sender wrote it. */
function message(
  { account, id }: Device,
  to: Device,
  sent: BinaryNode,
  encrypted: BinaryNode[],
  address: string | undefined,
): BinaryNode {
  const addressing = addressingOf(address);
  const isOwn = to.account === account;
  const isPeer = sent.attrs.category === 'peer';
  const other: Addressing = addressing === 'lid' ? 'pn' : 'lid';
  to.account.knows.add(account);
  return node(
    'message',
    {
      ...common(account, sent),
      from: account.jid(addressing, id),
      ...(isOwn && !isPeer && { recipient: sent.attrs.recipient ?? sent.attrs.to }),
      ...(isOwn ? {} : { [`sender_${other}`]: account.jid(other) }),
    },
    [...encrypted, ...children(sent, 'device-identity'), ...children(sent, 'meta'), ...children(sent, 'unavailable')],
  );
}

const common = (sender: Account, { attrs }: BinaryNode) => ({
  id: attrs.id,
  type: attrs.type,
  t: attrs.t ?? now(),
  notify: sender.name,
  edit: attrs.edit,
  category: attrs.category,
});

function routeToGroup(world: World, sender: Device, stanza: BinaryNode, group: Group): void {
  const own = new Map<Device | undefined, BinaryNode[]>();
  for (const each of children(child(stanza, 'participants'), 'to'))
    own.set(world.accounts.deviceAt(each.attrs.jid), children(each, 'enc'));
  const only = world.accounts.deviceAt(stanza.attrs.participant);
  const devices = only ? [only] : group.members.flatMap(member => [...member.devices.values()]);
  const other: Addressing = group.addressing === 'lid' ? 'pn' : 'lid';
  const attrs = {
    ...common(sender.account, stanza),
    from: group.jid,
    participant: sender.account.jid(group.addressing, sender.id),
    [`participant_${other}`]: sender.account.jid(other),
    addressing_mode: group.addressing,
  };
  for (const device of devices)
    if (device !== sender) {
      const parts = [...(own.get(device) ?? []), ...children(stanza, 'enc'), ...children(stanza, 'device-identity')];
      deliver(device, node('message', attrs, parts));
    }
}

/** Delivers a receipt to all devices of the author of the message. */
export function routeReceipt(world: World, sender: Device, receipt: BinaryNode): void {
  const { id, to = '', type, participant, recipient } = receipt.attrs;
  const group = world.groups.get(to);
  const author = group ? participant : to;
  const addressing = group?.addressing ?? addressingOf(to);
  const attrs = { id, type, t: receipt.attrs.t ?? now() };
  const content = receipt.content;
  if (type === 'retry') {
    const device = world.accounts.deviceAt(author);
    const from = sender.account.jid(addressing, sender.id);
    if (device)
      deliver(
        device,
        node('receipt', { ...attrs, ...(group ? { from: to, participant: from } : { from }), recipient }, content),
      );
    return;
  }
  const from = sender.account.jid(addressing);
  const stanza = node(
    'receipt',
    { ...attrs, ...(group ? { from: to, participant: from } : { from }), recipient },
    content,
  );
  for (const device of world.accounts.at(author)?.devices.values() ?? [])
    if (device !== sender) deliver(device, stanza);
}

/** Tells a companion something of the server's own. */
export function notify(device: Device, type: string, attrs: Record<string, string>, content: BinaryNode[]): void {
  deliver(device, node('notification', { id: stanzaId(), t: now(), type, ...attrs }, content));
}
