// What WhatsApp bills: the price that a receipt names, and the analytics of a business account.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { outcomeNamed } from '../control/reserved-recipients.ts';
import type { LedgerEntry } from '../graph/ledger.ts';
import { check } from '../graph/message-rules.ts';
import { jsonBody } from '../kit/http.ts';
import type { Delays } from '../options.ts';

/** The price of a message, as receipts name it. */
export type Price = NonNullable<LedgerEntry['price']>;

export type Billing = {
  /** The price of a message that is accepted now. `category`: of its template. */
  priceOf(number: string, category: string | undefined, at: number): Price;
  /** Notes an accepted call. */
  note(entry: LedgerEntry): void;
  /** Meta's `pricing_analytics` of the numbers of a business account, by day in UTC. */
  analytics(numbers: readonly string[], start: number, end: number, isPartner: boolean): DataPoint[];
  setPrices(prices: readonly Rate[], freeInMonth?: number): void;
};

type DataPoint = {
  start: number;
  end: number;
  phone_number: string;
  country: string;
  pricing_type: string;
  pricing_category: string;
  volume: number;
  cost?: number;
};

/** Meta's own rates, which a test sets: `rates` are those from the n-th message of a month on. */
const rateSchema = z.object({
  prefix: z.string().regex(/^\d{1,7}$/),
  country: z.string().length(2),
  category: z.string(),
  rates: z.array(z.object({ from: z.number().int().min(1), amount: z.string().regex(/^\d{1,6}(\.\d{1,6})?$/) })).min(1),
});
type Rate = z.infer<typeof rateSchema>;
const pricesBody = z.object({
  prices: z.array(rateSchema).max(1_000),
  free_in_month: z.number().int().min(0).optional(),
});

/** How many service messages of a number are free in a month, unless a test says another number. */
const usualFree = 1_000;
const day = 86_400;

const monthOf = (at: string) => at.slice(0, 7);
const arrives = ({ outcome }: LedgerEntry) =>
  outcomeNamed(outcome).receipts.some(({ status }) => status === 'delivered');
/** An amount in millionths, so that sums are exact. */
const millionths = (amount: string) => {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
};

/** Creates the billing; it knows what was accepted before from the ledger. */
export const createBilling = (entries: () => readonly LedgerEntry[], delays: Delays): Billing => {
  const free = new Map<string, number>();
  let prices: readonly Rate[] = [];
  let freeInMonth = usualFree;

  const note = (entry: LedgerEntry) => {
    if (entry.price?.type !== 'free_customer_service' || !arrives(entry)) return;
    const key = `${entry.phone_number_id} ${monthOf(entry.at)}`;
    free.set(key, (free.get(key) ?? 0) + 1);
  };
  for (const entry of entries()) note(entry);

  return {
    note,
    priceOf: (number, category, at) => {
      if (category !== undefined) return { category: category.toLowerCase(), type: 'regular' };
      const used = free.get(`${number} ${monthOf(new Date(at).toISOString())}`) ?? 0;
      return { category: 'service', type: used < freeInMonth ? 'free_customer_service' : 'regular' };
    },
    analytics: (numbers, start, end, isPartner) => {
      const points = new Map<string, DataPoint & { sum: bigint }>();
      const billed = new Map<string, number>();
      for (const entry of entries()) {
        const { price, phone_number_id: number, to } = entry;
        if (!price || !numbers.includes(number) || !arrives(entry)) continue;
        const at = Math.floor((Date.parse(entry.at) + delays.delivered) / 1_000);
        const rate = prices
          .filter(each => each.category === price.category && to.startsWith(each.prefix))
          .sort((left, right) => right.prefix.length - left.prefix.length)[0];
        const country = rate?.country ?? '';
        const isBilled = price.type === 'regular';
        const volume = `${monthOf(new Date(at * 1_000).toISOString())} ${country} ${price.category}`;
        const place = (billed.get(volume) ?? 0) + (isBilled ? 1 : 0);
        billed.set(volume, place);
        if (at < start || at >= end) continue;
        const begins = Math.floor(at / day) * day;
        const key = [begins, number, country, price.type, price.category].join(' ');
        const point = points.get(key) ?? {
          start: begins,
          end: begins + day,
          phone_number: number,
          country,
          pricing_type: price.type === 'regular' ? 'REGULAR' : price.type.toUpperCase(),
          pricing_category: price.category.toUpperCase(),
          volume: 0,
          sum: 0n,
        };
        const amount = rate?.rates.filter(({ from }) => from <= place).at(-1)?.amount ?? '0';
        point.volume++;
        if (isBilled) point.sum += millionths(amount);
        points.set(key, point);
      }
      const hasCost = !isPartner && prices.length > 0;
      return [...points.values()].map(({ sum, ...point }) => ({
        ...point,
        ...(hasCost && { cost: Number(sum) / 1_000_000 }),
      }));
    },
    setPrices: (given, most = usualFree) => {
      freeInMonth = most;
      prices = given.map(each => ({ ...each, rates: [...each.rates].sort((left, right) => left.from - right.from) }));
    },
  };
};

/** Adds the route that sets Meta's rates. */
export const addBillingControl = (app: FastifyInstance, billing: Billing): void => {
  app.put('/billing/prices', async request => {
    const body = check(pricesBody, jsonBody(request), '');
    billing.setPrices(body.prices, body.free_in_month);
    return { success: true };
  });
};
