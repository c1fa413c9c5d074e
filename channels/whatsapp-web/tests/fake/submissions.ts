// The messages that companions send: acknowledged and delivered, or whatever the script says.
import type { BinaryNode } from 'baileys';
import { addressingOf, type Device } from './accounts.ts';
import { node, now } from './nodes.ts';
import { routeMessage } from './router.ts';
import type { World } from './world.ts';

interface Connection {
  send(stanza: BinaryNode): void;
  transport: { cut(): void };
}

const restrictedCode = 463;

/** Takes a message of a companion. */
export function takeSubmission(world: World, sender: Device, message: BinaryNode, connection: Connection): void {
  const { id = '', to = '' } = message.attrs;
  // Between a companion and its own phone: no message in any conversation.
  const isPeer = message.attrs.category === 'peer';
  const recipient = nameOf(world, to);
  const planned = isPeer ? undefined : world.script.takeFault(recipient);
  const fault = planned?.fault ?? {};
  const isRejected = isRefused(world, sender, to) || isFormerAddress(world, to);
  const error = typeof fault.ack === 'number' ? fault.ack : isRejected ? restrictedCode : undefined;
  const isDelivered = error === undefined && fault.delivered !== false;
  if (!isPeer) {
    const from = `+${sender.account.number}`;
    world.ledger.add({ from, to: recipient, id, accepted: isDelivered, error });
  }
  const acknowledge = () =>
    connection.send(
      node('ack', { class: 'message', id, from: to, t: now(), error: error === undefined ? undefined : String(error) }),
    );
  const isAcknowledged = !fault.disconnects && fault.delivered !== false && fault.ack !== 'lost';
  if (fault.ack === 'held') void planned?.released.then(acknowledge);
  else if (isAcknowledged) acknowledge();
  if (isDelivered) {
    if (isStranger(world, sender, to)) countNewChat(world, sender, to);
    routeMessage(world, sender, message);
  }
  if (fault.disconnects) connection.transport.cut();
  planned?.meet({ id, to: recipient });
}

/** A recipient as tests name them: a number in E.164, or the address of a group. */
function nameOf(world: World, to: string): string {
  const account = world.accounts.at(to);
  return account ? `+${account.number}` : to.endsWith('@s.whatsapp.net') ? `+${to.split('@')[0]}` : to;
}

/** Of people whom WhatsApp has moved to LIDs, the number is no address any more. */
const isFormerAddress = ({ accounts }: World, to: string): boolean =>
  addressingOf(to) === 'pn' && accounts.at(to)?.isMigrated === true;

/** Whether somebody never wrote to the account. */
function isStranger({ accounts }: World, sender: Device, to: string): boolean {
  const recipient = accounts.at(to);
  return recipient !== undefined && recipient !== sender.account && !sender.account.knows.has(recipient);
}

/** Restricted accounts may only write to people who wrote to them before; others to as many strangers as their quota has. */
function isRefused(world: World, sender: Device, to: string): boolean {
  if (!isStranger(world, sender, to)) return false;
  const quota = world.script.newChats.get(sender.account);
  const recipient = world.accounts.at(to);
  const isBeyond = quota && recipient && !quota.begun.has(recipient) && quota.begun.size >= quota.total;
  return world.script.restricted.has(sender.account) || isBeyond === true;
}

function countNewChat({ accounts, script }: World, sender: Device, to: string): void {
  const recipient = accounts.at(to);
  if (recipient) script.newChats.get(sender.account)?.begun.add(recipient);
}
