// The load: keeps every account's queue filled by batches over HTTP, and reads from the ledger what has left.
import type { BatchAccepted } from '../../contract/batches.ts';
import type { Client } from '../faults/client.ts';
import { pause } from '../faults/processes.ts';
import type { Random } from '../faults/random.ts';
import type { TimedEntry } from './ledger-tail.ts';
import type { Plan } from './plans.ts';

export interface Sender {
  plan: Plan;
  accountId: string;
  numberId: string;
  /** The three digits that its recipients' numbers share. */
  series: string;
  entries: TimedEntry[];
  /** Queued messages by person. */
  waiting: Map<string, number>;
  people: number;
  /** People that got a message, in order. */
  known: Set<string>;
  refused: number;
  /** How often, after the first fill, fewer messages were queued than the rate allows at once. */
  short: number;
  filled: boolean;
}

const tickMs = 400;
const largestBatch = 1_000;

export const senderOf = (plan: Plan, place: number, accountId: string, numberId: string): Sender => ({
  plan,
  accountId,
  numberId,
  series: String(place).padStart(3, '0'),
  entries: [],
  waiting: new Map(),
  people: 0,
  known: new Set(),
  refused: 0,
  short: 0,
  filled: false,
});

/** Fills until the end, and returns problems as text. */
export async function fill(
  senders: Sender[],
  client: Client,
  ledger: () => Promise<TimedEntry[]>,
  random: Random,
  end: number,
): Promise<string[]> {
  const complaints: string[] = [];
  const byNumber = new Map(senders.map(sender => [sender.numberId, sender]));
  while (Date.now() < end) {
    const next = Date.now() + tickMs;
    for (const entry of await ledger()) note(byNumber, entry, complaints);
    const wanted = senders.flatMap(sender => wantedOf(sender, random).map(to => ({ sender, to })));
    const batch = shuffled(wanted, random).slice(0, largestBatch);
    if (batch.length > 0) await post(client, batch, complaints);
    await pause(Math.max(0, Math.min(next, end) - Date.now()));
  }
  for (const entry of await ledger()) note(byNumber, entry, complaints);
  return complaints;
}

function note(byNumber: Map<string, Sender>, entry: TimedEntry, complaints: string[]): void {
  const sender = byNumber.get(entry.phone_number_id);
  if (!sender) {
    complaints.push(`a call of the unknown number ${entry.phone_number_id}`);
    return;
  }
  const to = `+${entry.to}`;
  sender.entries.push(entry);
  sender.known.add(to);
  // A call may reach the ledger before the batch response arrives: the count is then negative for a moment.
  sender.waiting.set(to, (sender.waiting.get(to) ?? 0) - 1);
}

/** The recipients to write to now, so that the queue lasts beyond the next check. */
function wantedOf(sender: Sender, random: Random): string[] {
  const { rate, new_conversations_per_day: openings } = sender.plan.limits;
  // Messages to people over today's limit of new conversations do not fill the queue.
  const counted = openings === null ? [...sender.waiting] : [...sender.waiting].filter(([to]) => sender.known.has(to));
  const waiting = counted.reduce((sum, [, count]) => sum + count, 0);
  const enough = Math.ceil(Math.max(3 * rate.messages, (4 * rate.messages) / rate.seconds));
  if (waiting >= enough) sender.filled = true;
  if (sender.filled && waiting < rate.messages) sender.short++;
  // Rejected senders retry, one message at a time.
  const missing = sender.refused > 0 ? Math.min(1, enough - waiting) : enough - waiting;
  return Array.from({ length: Math.max(0, missing) }, () => personFor(sender, random)).filter(to => to !== undefined);
}

function personFor(sender: Sender, random: Random): string | undefined {
  const number = (person: number) => `+336${sender.series}${String(person).padStart(5, '0')}`;
  const openings = sender.plan.limits.new_conversations_per_day;
  if (openings === null) return number(sender.people++ % sender.plan.people);
  // Three times as many strangers as allowed; then mostly known people, and now and then a stranger.
  if (sender.people < 3 * openings || random.chance(0.1)) return number(sender.people++);
  return sender.known.size > 0 ? random.pick([...sender.known]) : undefined;
}

function shuffled<Item>(items: Item[], random: Random): Item[] {
  return items
    .map(item => ({ item, lot: random.next() }))
    .sort((left, right) => left.lot - right.lot)
    .map(({ item }) => item);
}

async function post(client: Client, batch: { sender: Sender; to: string }[], complaints: string[]): Promise<void> {
  const messages = batch.map(({ sender, to }) => ({
    account_id: sender.accountId,
    to,
    type: 'text',
    text: { body: 'load of the governor' },
  }));
  const { status, body } = await client.call('POST', '/api/v1/messages/batch', { messages });
  if (status !== 202) {
    complaints.push(`a batch was answered with ${status} ${body?.code}`);
    return;
  }
  for (const result of (body as BatchAccepted).results) {
    const item = batch[result.index];
    if (!item) throw new Error(`the batch has no ${result.index}`);
    const { sender, to } = item;
    if (result.status === 202) sender.waiting.set(to, (sender.waiting.get(to) ?? 0) + 1);
    else if (result.error?.code === 'daily_limit_reached' && sender.plan.kind === 'day refused') sender.refused++;
    else complaints.push(`a message was refused with ${result.status} ${result.error?.code}`);
  }
}
