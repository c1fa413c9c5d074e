// Unacknowledged webhooks, in a log, so that a restart sends them.
import { join } from 'node:path';
import type { LedgerEntry } from '../graph/ledger.ts';
import { openLineFile, readLineFile, rewriteLineFile } from '../kit/line-file.ts';
import type { WebhookItem } from './webhook-body.ts';

/** A log line: receipts planned up to this ledger line, an item queued, or items settled. */
type Line = { planned?: number; queued?: WebhookItem; settled?: number[] };

export type WebhookStore = {
  /** Makes items durable. No fsync: they survive the process, and the ledger covers the machine. */
  add(items: readonly WebhookItem[]): Promise<void>;
  settle(items: readonly WebhookItem[]): void;
  nextId(): number;
  open(): WebhookItem[];
  size(): number;
  /** Resolves when nothing is pending, or when the store closes. */
  idle(): Promise<void>;
  /** Resolves when nothing about this message is pending, or when the store closes. */
  settled(wamid: string): Promise<void>;
  close(): Promise<void>;
};

/** Plans the receipts of an accepted call. */
export type Plan = (entry: LedgerEntry, nextId: () => number) => WebhookItem[];

/**
 * Reads the log and rewrites it without settled items. A call in the ledger may lack its receipts here after a crash:
 * `plan` creates them now.
 */
export const openWebhookStore = async (
  dataDir: string,
  ledger: readonly LedgerEntry[],
  plan: Plan,
): Promise<WebhookStore> => {
  const path = join(dataDir, 'webhooks.jsonl');
  const { items, seen, planned, lastId } = await readLog(path);
  let last = lastId;
  const nextId = () => ++last;
  for (const entry of ledger.slice(planned)) {
    if (seen.has(entry.wamid)) continue;
    for (const item of plan(entry, nextId)) items.set(item.id, item);
  }
  await rewriteLineFile(path, compacted(ledger.length, items.values()));
  const file = await openLineFile(path);
  const perMessage = new Map<string, number>();
  let waiting: { wamid: string | null; done: () => void }[] = [];

  const countMessage = (item: WebhookItem, by: 1 | -1) => {
    const count = (perMessage.get(item.wamid) ?? 0) + by;
    if (count > 0) perMessage.set(item.wamid, count);
    else perMessage.delete(item.wamid);
  };
  for (const item of items.values()) countMessage(item, 1);

  const isQuiet = (wamid: string | null) => (wamid === null ? items.size === 0 : !perMessage.has(wamid));
  const release = () => {
    const ready = waiting.filter(each => isQuiet(each.wamid));
    if (ready.length === 0) return;
    waiting = waiting.filter(each => !isQuiet(each.wamid));
    for (const each of ready) each.done();
  };
  const quiet = (wamid: string | null) =>
    isQuiet(wamid) ? Promise.resolve() : new Promise<void>(done => waiting.push({ wamid, done }));

  return {
    add: async added => {
      for (const item of added) {
        items.set(item.id, item);
        countMessage(item, 1);
      }
      await Promise.all(added.map(item => file.append({ queued: item } satisfies Line)));
    },
    settle: settled => {
      const known = settled.filter(item => items.delete(item.id));
      for (const item of known) countMessage(item, -1);
      if (known.length > 0) file.note({ settled: known.map(item => item.id) } satisfies Line);
      release();
    },
    nextId,
    open: () => [...items.values()],
    size: () => items.size,
    idle: () => quiet(null),
    settled: quiet,
    close: async () => {
      for (const each of waiting) each.done();
      waiting = [];
      await file.close();
    },
  };
};

const readLog = async (path: string) => {
  const items = new Map<number, WebhookItem>();
  const seen = new Set<string>();
  let planned = 0;
  let lastId = 0;
  for await (const value of readLineFile(path)) {
    const line = value as Line;
    planned = Math.max(planned, line.planned ?? 0);
    if (line.queued !== undefined) {
      items.set(line.queued.id, line.queued);
      seen.add(line.queued.wamid);
      lastId = Math.max(lastId, line.queued.id);
    }
    for (const id of line.settled ?? []) items.delete(id);
  }
  return { items, seen, planned, lastId };
};

function* compacted(planned: number, items: Iterable<WebhookItem>): Generator<Line> {
  yield { planned };
  for (const queued of items) yield { queued };
}
