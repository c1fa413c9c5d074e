// Posts webhooks in batches, a few at a time, and retries until they are acknowledged.
import type { Target } from '../business/business-store.ts';
import type { Clock } from '../kit/clock.ts';
import type { Settings } from '../options.ts';
import { fieldOfItem, signature, type WebhookItem } from './webhook-body.ts';
import type { WebhookStore } from './webhook-store.ts';

const gatherMs = 10;
const batchSize = 100;
const concurrency = 8;
const giveUpAfterMs = 7 * 24 * 3_600_000;

export type WebhookSender = {
  /** Sends a due item, together with others of the next few milliseconds. */
  push(item: WebhookItem): void;
  /** Sends these items in one request, as far as their conversations allow. */
  pushTogether(items: readonly WebhookItem[]): void;
  /** Resolves when no request is under way. */
  quiet(): Promise<void>;
  /** Sets the webhook URL; retries waiting items at once. */
  setCallbackUrl(url: string | null): void;
  callbackUrl(): string | null;
  /** Whether webhooks of this number have somewhere to go. */
  hasTarget(number: string): boolean;
  close(): Promise<void>;
};

type Needs = {
  store: WebhookStore;
  clock: Clock;
  settings: Settings;
  bodyOf(items: readonly WebhookItem[]): string;
  /** Whether an acknowledgement counts as a failure. */
  rejects(items: readonly WebhookItem[]): boolean;
  /** Where a field of a number, or of a business account itself, goes instead of the callback. */
  targetsOf(field: string, number: string, account?: string): Target[] | undefined;
};

/** Returns the sender. Items of one conversation are never in two requests at once, so they arrive in order. */
export const createWebhookSender = ({ store, clock, settings, bodyOf, rejects, targetsOf }: Needs): WebhookSender => {
  let callback = settings.callbackUrl;
  let ready: WebhookItem[] = [];
  let armed = false;
  let closed = false;
  let largest = batchSize;
  const conversations = new Set<string>();
  const requests = new Map<AbortController, Promise<void>>();
  const retries = createRetries({ store, clock, settings }, items => {
    ready.push(...items);
    arm();
  });

  const targetsFor = (field: string, number: string, account?: string): Target[] =>
    targetsOf(field, number, account) ?? (callback === null ? [] : [{ url: callback, secret: settings.appSecret }]);
  const targetsOfItem = (item: WebhookItem) => targetsFor(fieldOfItem(item), item.number, accountIn(item));
  /** As at Meta, an item of a field that no subscribed app has chosen is lost. */
  const isLost = (item: WebhookItem) => targetsOf(fieldOfItem(item), item.number, accountIn(item))?.length === 0;
  /** Items with the same route may share a request; null for those that have nowhere to go. */
  const routeOf = (item: WebhookItem): string | null => {
    const targets = targetsOfItem(item);
    return targets.length === 0 ? null : targets.map(({ url, secret }) => `${url} ${secret}`).join('\n');
  };

  const arm = () => {
    if (armed || closed || ready.length === 0) return;
    armed = true;
    clock.after(gatherMs, () => {
      armed = false;
      pump();
    });
  };

  const pump = () => {
    if (closed) return;
    const lost = ready.filter(isLost);
    if (lost.length > 0) {
      ready = ready.filter(item => !lost.includes(item));
      store.settle(lost);
    }
    while (!closed && requests.size < concurrency) {
      const taken = takeBatch(ready, conversations, largest, routeOf);
      if (taken.batch.length === 0) return;
      largest = batchSize;
      ready = taken.rest;
      const controller = new AbortController();
      requests.set(controller, deliver(taken.batch, controller));
    }
  };

  const deliver = async (batch: readonly WebhookItem[], controller: AbortController) => {
    const [first] = batch;
    const targets = first === undefined ? [] : targetsOfItem(first);
    for (const item of batch) conversations.add(conversationOf(item));
    // As at Meta, a retry goes to all apps of the business account.
    const taken = await Promise.all(targets.map(target => post(target, () => bodyOf(batch), settings, controller)));
    const acknowledged = taken.every(Boolean) && !rejects(batch);
    for (const item of batch) conversations.delete(conversationOf(item));
    requests.delete(controller);
    if (acknowledged) retries.settle(batch);
    else if (!closed) retries.rest(batch);
    pump();
  };

  return {
    push: item => {
      ready.push(item);
      arm();
    },
    pushTogether: items => {
      ready.push(...items);
      largest = Math.max(largest, items.length);
      arm();
    },
    quiet: async () => {
      while (requests.size > 0) await Promise.all(requests.values());
    },
    setCallbackUrl: url => {
      callback = url;
      retries.wakeAll();
      arm();
    },
    callbackUrl: () => callback,
    hasTarget: number => targetsFor('messages', number).length > 0,
    close: async () => {
      closed = true;
      for (const controller of requests.keys()) controller.abort();
      await Promise.all(requests.values());
    },
  };
};

/** The business account that a change is about; other items are about a number. */
const accountIn = (item: WebhookItem): string | undefined => (item.kind === 'change' ? item.account : undefined);

/** Holds failed batches for a pause that doubles with each failure, and gives up after seven days. */
const createRetries = (
  { store, clock, settings }: Omit<Needs, 'bodyOf' | 'rejects' | 'targetsOf'>,
  again: (items: readonly WebhookItem[]) => void,
) => {
  const failures = new Map<number, number>();
  const resting = new Map<readonly WebhookItem[], () => void>();

  const settle = (items: readonly WebhookItem[]) => {
    for (const item of items) failures.delete(item.id);
    store.settle(items);
  };
  const wake = (items: readonly WebhookItem[]) => {
    resting.delete(items);
    again(items);
  };
  const countFailure = (item: WebhookItem) => {
    const times = (failures.get(item.id) ?? 0) + 1;
    failures.set(item.id, times);
    return times;
  };

  return {
    settle,
    rest: (batch: readonly WebhookItem[]) => {
      const isHopeless = (item: WebhookItem) => clock.now() - item.due > giveUpAfterMs;
      settle(batch.filter(isHopeless));
      const items = batch.filter(item => !isHopeless(item));
      if (items.length === 0) return;
      const most = Math.max(...items.map(countFailure));
      const pause = Math.min(settings.webhookRetry.longest, settings.webhookRetry.first * 2 ** (most - 1));
      resting.set(
        items,
        clock.after(pause, () => wake(items)),
      );
    },
    wakeAll: () => {
      for (const [items, cancel] of [...resting]) {
        cancel();
        wake(items);
      }
    },
  };
};

/** One attempt; true only for a 200 response. */
const post = async ({ url, secret }: Target, body: () => string, settings: Settings, controller: AbortController) => {
  // The real clock on purpose: this guards a real socket, whatever the simulated time.
  const timeout = setTimeout(() => controller.abort(), settings.webhookRetry.timeout);
  try {
    const bytes = Buffer.from(body());
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'recado-simulator',
        'x-hub-signature-256': signature(secret, bytes),
      },
      body: bytes,
      redirect: 'manual',
      signal: controller.signal,
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  } finally {
    clearTimeout(timeout);
  }
};

const conversationOf = (item: WebhookItem): string => `${item.number}/${item.person}`;

/** The oldest items of one route and of conversations with nothing in flight, and the rest. */
const takeBatch = (
  ready: readonly WebhookItem[],
  busy: ReadonlySet<string>,
  largest: number,
  routeOf: (item: WebhookItem) => string | null,
) => {
  const batch: WebhookItem[] = [];
  const held: WebhookItem[] = [];
  let route: string | null = null;
  let next = 0;
  for (; next < ready.length && batch.length < largest; next++) {
    const item = ready[next];
    if (item === undefined) continue;
    const own = busy.has(conversationOf(item)) ? null : routeOf(item);
    route ??= own;
    (own !== null && own === route ? batch : held).push(item);
  }
  return { batch, rest: [...held, ...ready.slice(next)] };
};
