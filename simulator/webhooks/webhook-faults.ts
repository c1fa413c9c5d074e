// Scripted faults of webhooks, between the moment when an item is due and its first attempt.
import { z } from 'zod';
import { allows, createFaults, type Listed } from '../control/faults.ts';
import { delay, drawDelay, number, times } from '../control/script-fields.ts';
import type { Clock } from '../kit/clock.ts';
import { type Random, shuffle } from '../kit/random.ts';
import type { WebhookItem } from './webhook-body.ts';
import type { WebhookStore } from './webhook-store.ts';

/** The effect of each fault; the guide shows the same text. */
export const webhookFaults = {
  drop: 'the item is never posted',
  double: 'the item is posted `copies` times (2), each time in a request of its own',
  delay: 'the item is posted `delay_ms` later',
  reorder: 'items wait until `size` of them (2) are there, and are posted in another order',
  batch: 'items wait until `size` of them (10) are there, and are posted in one request',
  retry: 'the answer of the receiver counts as a failure, so that the item is posted again after the usual pause',
} as const;

type WebhookFaultName = keyof typeof webhookFaults;

export const webhookRule = z.strictObject({
  fault: z.enum(Object.keys(webhookFaults) as [WebhookFaultName, ...WebhookFaultName[]]),
  kind: z.string().optional(),
  status: z.string().optional(),
  to: number.optional(),
  phone_number_id: z.string().optional(),
  copies: z.number().int().min(2).max(1_000).optional(),
  delay_ms: delay.optional(),
  size: z.number().int().min(2).max(1_000).optional(),
  times,
  skip: times,
});

type WebhookRule = z.infer<typeof webhookRule>;

type Needs = {
  store: WebhookStore;
  clock: Clock;
  random: Random;
  send(items: readonly WebhookItem[]): void;
};

export type WebhookFaults = ReturnType<typeof createWebhookFaults>;

const fits = (rule: WebhookRule, item: WebhookItem) =>
  allows(rule.kind, item.kind) &&
  allows(rule.status, item.kind === 'status' ? item.status : null) &&
  allows(rule.to, `+${item.person}`) &&
  allows(rule.phone_number_id, item.number);

/** How many items one time of the rule takes. */
const sizeOf = ({ fault, size }: Partial<WebhookRule>): number => {
  if (fault === 'reorder') return size ?? 2;
  return fault === 'batch' ? (size ?? 10) : 1;
};

const shown = (rule: Listed<WebhookRule>): Listed<WebhookRule> =>
  rule.times === undefined ? rule : { ...rule, times: Math.ceil(rule.times / sizeOf(rule)) };

/** Returns the rules, and the way that every due item takes. */
export const createWebhookFaults = ({ store, clock, random, send }: Needs) => {
  const before = createFaults<WebhookItem, WebhookRule>(fits);
  const after = createFaults<WebhookItem, WebhookRule>(fits);
  let added = 0;
  const groups = new Map<number, { mixed: boolean; items: WebhookItem[] }>();

  const release = (id: number) => {
    const group = groups.get(id);
    groups.delete(id);
    if (group !== undefined) send(group.mixed ? shuffle(group.items, random) : group.items);
  };
  const gather = (rule: Partial<Listed<WebhookRule>>, item: WebhookItem) => {
    const id = rule.id ?? 0;
    const group = groups.get(id) ?? { mixed: rule.fault === 'reorder', items: [] };
    group.items.push(item);
    groups.set(id, group);
    if (group.items.length >= sizeOf(rule)) release(id);
  };
  const double = (item: WebhookItem, copies: number) => {
    send([item]);
    // Far enough apart for a request of its own.
    for (let nth = 1; nth < copies; nth++) {
      const copy = { ...item, id: store.nextId() };
      store.add([copy]).catch((error: unknown) => console.error('simulator: could not log a copy:', error));
      clock.after(nth * 50, () => send([copy]));
    }
  };

  return {
    /** Posts a due item, unless a rule does something else with it. */
    push: (item: WebhookItem): void => {
      const rule = before.take(item);
      switch (rule?.fault) {
        case 'drop':
          store.settle([item]);
          break;
        case 'double':
          double(item, rule.copies ?? 2);
          break;
        case 'delay':
          clock.after(drawDelay(rule.delay_ms ?? 1_000, random), () => send([item]));
          break;
        case 'reorder':
        case 'batch':
          gather(rule, item);
          break;
        default:
          send([item]);
      }
    },
    /** Whether the acknowledgement of these items counts as a failure. */
    rejects: (items: readonly WebhookItem[]): boolean => items.some(item => after.take(item) !== null),
    addRule: (rule: WebhookRule) => {
      const perTime = sizeOf(rule);
      const items = rule.times === undefined ? {} : { times: rule.times * perTime };
      const listed = (rule.fault === 'retry' ? after : before).addRule({ ...rule, ...items });
      // One sequence of ids for both lists.
      listed.id = ++added;
      return shown(listed);
    },
    rules: () => [...before.rules(), ...after.rules()].sort((a, b) => a.id - b.id).map(shown),
    removeRule: (id: number): boolean => {
      release(id);
      return before.removeRule(id) || after.removeRule(id);
    },
    clearRules: () => {
      before.clearRules();
      after.clearRules();
      for (const id of [...groups.keys()]) release(id);
    },
  };
};
