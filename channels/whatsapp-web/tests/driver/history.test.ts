// The history that a new link brings along.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, startFakeWhatsApp } from '../fake/index.ts';
import { startGateway, type TestGateway } from './gateway.ts';

let fake: FakeWhatsApp;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake.close());

const linked = async (gateway: TestGateway, number: string) => {
  const owner = fake.phone(number, { name: 'Shop' });
  const ana = fake.person(`${number}9`, { name: 'Ana' });
  const now = Math.floor(Date.now() / 1000);
  const recent = Array.from({ length: 150 }, (_, n) => ({
    with: ana,
    id: `H${n}`,
    text: `Past ${n}`,
    at: now - 86_400 - n,
    isOwn: n % 2 === 0,
  }));
  owner.history([...recent, { with: ana, id: 'OLD', text: 'Long ago', at: now - 40 * 86_400 }]);
  const session = gateway.session(number);
  await session.link(code => owner.scan(code));
  return { session, owner, ana };
};

test('recent messages come in parts, with the person of the conversation', async () => {
  const gateway = await startGateway({ url: fake.url, historyDays: 7 }, fake.caFile);
  const { session, ana } = await linked(gateway, '+15550001');
  await session.message('H149');
  await session.message('H0');
  const past = session.items.filter(item => item.kind === 'message');
  expect(past).toHaveLength(150);
  for (const item of past)
    expect(item).toMatchObject({ source: 'history', person: { phone: ana.number, lid: ana.lid } });
  for (const { request, args } of gateway.requests)
    if (request === 'deliver') expect((args as { items: unknown[] }).items.length).toBeLessThanOrEqual(100);
  await gateway.close();
});

test('without history a new link is there at once, and only what is new comes', async () => {
  const gateway = await startGateway({ url: fake.url, historyDays: 0 }, fake.caFile);
  const { session, owner, ana } = await linked(gateway, '+15550002');
  const message = await ana.write(owner, 'New');
  await session.message(message.id);
  expect(session.items.filter(item => item.kind === 'message')).toHaveLength(1);
  await gateway.close();
});
