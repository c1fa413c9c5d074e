// Which differences between two AsyncAPI documents break a client of the older one.
import type { Schema } from '../openapi/document.ts';
import { type Change, type Direction, type Report, schemaComparison } from './schema-changes.ts';

interface Reference {
  $ref: string;
}

interface Message {
  payload?: Schema;
  headers?: Schema;
  'x-permission'?: string;
}

interface Operation {
  action: 'send' | 'receive';
  channel: Reference;
  messages?: Reference[];
  /** Either of these opens it. */
  security?: Reference[];
  bindings?: { http?: { query?: Schema } };
  reply?: { messages?: Reference[] };
}

export interface AsyncApiDocument {
  servers?: Record<string, { protocol: string }>;
  channels: Record<string, { address?: string; messages?: Record<string, Reference | Message> }>;
  operations: Record<string, Operation>;
  components: { messages: Record<string, Message>; schemas?: Record<string, Schema> };
}

/** The changes from `before` to `after` that break clients, each once, in the order of the document. */
export function asyncApiChanges(before: AsyncApiDocument, after: AsyncApiDocument): Change[] {
  const found = new Map<string, Change>();
  const report: Report = (place, what) => void found.set(`${place} ${what}`, { place, what });
  const compare = schemaComparison(before.components.schemas ?? {}, after.components.schemas ?? {}, report);

  for (const [name, { protocol }] of Object.entries(before.servers ?? {})) {
    const changed = after.servers?.[name];
    if (!changed) report(`server ${name}`, 'was removed');
    else if (changed.protocol !== protocol) report(`server ${name}`, `speaks ${changed.protocol} now`);
  }
  for (const [name, { address, messages = {} }] of Object.entries(before.channels)) {
    const changed = after.channels[name];
    if (!changed) {
      report(`channel ${name}`, 'was removed');
      continue;
    }
    if (changed.address !== address) report(`channel ${name}`, `has the address ${changed.address} now`);
    for (const message of Object.keys(messages))
      if (!changed.messages?.[message]) report(`channel ${name} message ${message}`, 'was removed');
  }
  for (const [name, old] of Object.entries(before.operations)) compareOperation(name, old);
  return [...found.values()];

  function compareOperation(name: string, old: Operation): void {
    const place = `operation ${name}`;
    const now = after.operations[name];
    if (!now) {
      report(place, 'was removed');
      return;
    }
    if (now.action !== old.action) report(place, `is a ${now.action} now`);
    if (lastOf(now.channel) !== lastOf(old.channel)) report(place, `is on the channel ${lastOf(now.channel)} now`);
    for (const way of (old.security ?? []).map(lastOf))
      if (!(now.security ?? []).map(lastOf).includes(way)) report(place, `no longer accepts ${way}`);
    compare(old.bindings?.http?.query ?? {}, now.bindings?.http?.query ?? {}, `${place} query`, 'sent');
    const messages = messagesOf(before, old);
    const left = messagesOf(after, now);
    const channel = lastOf(old.channel);
    for (const message of messages) {
      if (left.includes(message)) compareMessage(channel, message, old.action === 'send' ? 'received' : 'sent');
      // A channel that lost the message has said so.
      else if (after.channels[channel]?.messages?.[message]) report(`${place} message ${message}`, 'was removed');
    }
    for (const answer of (old.reply?.messages ?? []).map(lastOf))
      if ((now.reply?.messages ?? []).map(lastOf).includes(answer))
        compareMessage(channel, answer, old.action === 'send' ? 'sent' : 'received');
      else report(`${place} reply ${answer}`, 'was removed');
  }

  function compareMessage(channel: string, name: string, direction: Direction): void {
    const [old, now] = [messageOf(before, channel, name), messageOf(after, channel, name)];
    // The channel says so where both are gone; a message that is listed and not defined fails the linter.
    if (!old || !now) return;
    if (old['x-permission'] !== now['x-permission']) report(name, `needs the permission ${now['x-permission']} now`);
    compare(old.payload ?? {}, now.payload ?? {}, name, direction);
    compare(old.headers ?? {}, now.headers ?? {}, `${name} headers`, direction);
  }
}

function messageOf({ channels, components }: AsyncApiDocument, channel: string, name: string): Message | undefined {
  const message = channels[channel]?.messages?.[name];
  return message && '$ref' in message ? components.messages[lastOf(message)] : message;
}

const lastOf = ({ $ref }: Reference): string => $ref.slice($ref.lastIndexOf('/') + 1);

/** The names of an operation's messages: its own list, or all of its channel. */
const messagesOf = (document: AsyncApiDocument, { messages, channel }: Operation): string[] =>
  messages?.map(lastOf) ?? Object.keys(document.channels[lastOf(channel)]?.messages ?? {});
