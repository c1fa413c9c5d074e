// Items on their way to the gateway: in order, one delivery at a time, at most 100 items each.
import type { Gateway } from '../../driver.ts';
import type { WebItem } from '../../protocol.ts';

export interface Delivery {
  items: WebItem[];
  /** The keys of the journal that are settled once the items are stored. */
  settled: string[];
}

export interface Deliveries {
  /** Delivers what `make` returns, after everything that was added before. `make` must not reject. */
  add(make: () => Promise<Delivery> | Delivery): void;
  /** Resolves when everything that was added is stored. */
  idle(): Promise<void>;
}

const maxItems = 100;

/** Takes the next delivery off the list: at least one entry, and as many more as fit. */
const take = (ready: Delivery[]): Delivery => {
  const next: Delivery = { items: [], settled: [] };
  while (ready[0] && (next.items.length === 0 || next.items.length + ready[0].items.length <= maxItems)) {
    const { items, settled } = ready[0];
    if (items.length > maxItems) {
      next.items.push(...items.splice(0, maxItems - next.items.length));
      return next;
    }
    next.items.push(...items);
    next.settled.push(...settled);
    ready.shift();
  }
  return next;
};

/** A queue of deliveries. When the gateway cannot store, `fail` is told, and nothing more is delivered. */
export const createDeliveries = (gateway: Gateway, fail: (error: unknown) => void): Deliveries => {
  const ready: Delivery[] = [];
  let made = Promise.resolve();
  let running: Promise<void> | undefined;
  let hasFailed = false;

  const run = async (): Promise<void> => {
    try {
      while (ready.length > 0 && !hasFailed) {
        await gateway.request('deliver', take(ready));
      }
    } catch (error) {
      hasFailed = true;
      fail(error);
    } finally {
      running = undefined;
    }
  };

  return {
    add(make) {
      made = made.then(async () => {
        const delivery = await make();
        if (delivery.items.length === 0 && delivery.settled.length === 0) return;
        ready.push(delivery);
        running ??= run();
      });
    },
    async idle() {
      await made;
      await running;
    },
  };
};
