import { expect, test } from 'vitest';
import type { Gateway } from '../../driver.ts';
import type { WebItem } from '../../protocol.ts';
import { createDeliveries, type Delivery } from './deliveries.ts';

const item = (id: string): WebItem => ({ kind: 'same_person', phone: `+${id}`, lid: `${id}@lid`, name: undefined });
const ids = (delivery: Delivery) =>
  delivery.items.map(each => (each.kind === 'same_person' ? each.phone.slice(1) : ''));

/** A gateway that keeps what is delivered, and refuses from the given delivery on. */
const recorder = (refuseFrom = Number.POSITIVE_INFINITY) => {
  const stored: Delivery[] = [];
  const gateway: Gateway = {
    async request(name, args) {
      if (name !== 'deliver') throw new Error(`Not expected: ${name}`);
      if (stored.length >= refuseFrom) throw new Error('fenced');
      stored.push(args as Delivery);
      return null as never;
    },
  };
  return { gateway, stored };
};

test('items are delivered in the order of their making, however long each takes', async () => {
  const { gateway, stored } = recorder();
  const deliveries = createDeliveries(gateway, () => undefined);
  let finish = (): void => undefined;
  deliveries.add(async () => {
    await new Promise<void>(resolve => {
      finish = resolve;
    });
    return { items: [item('1')], settled: ['a'] };
  });
  deliveries.add(() => ({ items: [item('2')], settled: ['b'] }));
  await Promise.resolve();
  finish();
  await deliveries.idle();
  expect(stored.flatMap(ids)).toEqual(['1', '2']);
  expect(stored.flatMap(each => each.settled)).toEqual(['a', 'b']);
});

test('what delivers nothing holds up nothing', async () => {
  const { gateway, stored } = recorder();
  const deliveries = createDeliveries(gateway, () => undefined);
  deliveries.add(() => ({ items: [], settled: [] }));
  deliveries.add(() => ({ items: [], settled: ['a'] }));
  deliveries.add(() => ({ items: [item('1')], settled: [] }));
  await deliveries.idle();
  expect(stored.flatMap(ids)).toEqual(['1']);
  expect(stored.flatMap(each => each.settled)).toEqual(['a']);
});

test('a large delivery is cut, and settles with its last part', async () => {
  const { gateway, stored } = recorder();
  const deliveries = createDeliveries(gateway, () => undefined);
  const many = Array.from({ length: 250 }, (_, n) => item(String(n)));
  deliveries.add(() => ({ items: [...many], settled: ['a'] }));
  deliveries.add(() => ({ items: [item('x')], settled: ['b'] }));
  await deliveries.idle();
  expect(stored.every(each => each.items.length <= 100)).toBe(true);
  const settling = stored.findIndex(each => each.settled.includes('a'));
  expect(stored.slice(0, settling + 1).flatMap(ids)).toContain('249');
  expect(stored.flatMap(each => each.settled)).toEqual(['a', 'b']);
  expect(stored.flatMap(ids)).toEqual([...many.map((_, n) => String(n)), 'x']);
});

test('nothing is delivered behind what the gateway refused', async () => {
  const { gateway, stored } = recorder(1);
  const failures: unknown[] = [];
  const deliveries = createDeliveries(gateway, error => failures.push(error));
  for (const id of ['1', '2', '3']) {
    deliveries.add(() => ({ items: [item(id)], settled: [] }));
    await deliveries.idle();
  }
  expect(stored.flatMap(ids)).toEqual(['1']);
  expect(failures).toHaveLength(1);
});
