// Which differences between two AsyncAPI documents break a client of the older one.
import type { Schema } from '../openapi/document.ts';
import { type Change, type Direction, type Report, schemaComparison } from './schema-changes.ts';

interface Reference {
  $ref: string;
}

interface Message {
  payload?: Schema;
  headers?: Schema;
}

interface Operation {
  action: 'send' | 'receive';
  channel: Reference;
  messages?: Reference[];
  reply?: { messages?: Reference[] };
}

export interface AsyncApiDocument {
  servers?: Record<string, { protocol: string }>;
  channels: Record<string, { address?: string | null; messages?: Record<string, Reference> }>;
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
    const messages = messagesOf(before, old);
    const left = messagesOf(after, now);
    for (const message of messages) {
      if (left.includes(message)) compareMessage(message, old.action === 'send' ? 'received' : 'sent');
      // A channel that lost the message has said so.
      else if (after.channels[lastOf(old.channel)]?.messages?.[message])
        report(`${place} message ${message}`, 'was removed');
    }
    for (const answer of (old.reply?.messages ?? []).map(lastOf))
      if ((now.reply?.messages ?? []).map(lastOf).includes(answer))
        compareMessage(answer, old.action === 'send' ? 'sent' : 'received');
      else report(`${place} reply ${answer}`, 'was removed');
  }

  function compareMessage(name: string, direction: Direction): void {
    const [old, now] = [before.components.messages[name], after.components.messages[name]];
    // The channel says so where both are gone; a message that is listed and not defined fails the linter.
    if (!old || !now) return;
    compare(old.payload ?? {}, now.payload ?? {}, name, direction);
    compare(old.headers ?? {}, now.headers ?? {}, `${name} headers`, direction);
  }
}

const lastOf = ({ $ref }: Reference): string => $ref.slice($ref.lastIndexOf('/') + 1);

/** The names of an operation's messages: its own list, or all of its channel. */
const messagesOf = (document: AsyncApiDocument, { messages, channel }: Operation): string[] =>
  messages?.map(lastOf) ?? Object.keys(document.channels[lastOf(channel)]?.messages ?? {});
