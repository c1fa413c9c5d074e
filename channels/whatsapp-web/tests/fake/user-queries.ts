// Queries about people (`usync`): who is on WhatsApp, with which devices, under which LID.
import type { BinaryNode } from 'baileys';
import type { Account } from './accounts.ts';
import { child, children, contentOf, node, server } from './nodes.ts';
import type { World } from './world.ts';

/** Answers a query for any number of people. */
export function answerUserQuery(world: World, query: BinaryNode): BinaryNode[] {
  const wanted = child(query, 'query');
  const topics = Array.isArray(wanted?.content) ? wanted.content.map(({ tag }) => tag) : [];
  const users = children(child(query, 'list'), 'user').map(user => answerFor(world, user, topics));
  return [node('usync', {}, [node('list', {}, users)])];
}

function answerFor({ accounts }: World, user: BinaryNode, topics: string[]): BinaryNode {
  const asked = child(user, 'contact');
  const number = asked?.content === undefined ? undefined : contentOf(asked).toString().replace('+', '');
  const account = number === undefined ? accounts.at(user.attrs.jid) : accounts.withNumber(number);
  const jid = number === undefined ? user.attrs.jid : `${number}@${server}`;
  return node(
    'user',
    { jid },
    topics.flatMap(topic => answerTopic(topic, account)),
  );
}

function answerTopic(topic: string, account: Account | undefined): BinaryNode[] {
  if (topic === 'contact') return [node('contact', { type: account ? 'in' : 'out' })];
  if (!account) return [];
  if (topic === 'lid') return [node('lid', { val: account.jid('lid') })];
  if (topic !== 'devices') return [];
  const devices = [...account.devices.keys()].map(id => node('device', { id: String(id), 'key-index': String(id) }));
  return [node('devices', {}, [node('device-list', {}, devices)])];
}
