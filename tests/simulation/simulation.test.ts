// The engine on 2,000 schedules that seeds decide: crashes at any step, stopped processes, cut connections, late and doubled
// receipts, lost and doubled hints, a clock that is set, operators who meddle. No promise may break.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { faultsThatDoNotFit } from './mutate.ts';
import { playSeeds } from './play.ts';
import { brokenPromises } from './promises.ts';
import { playSeed } from './schedule.ts';
import { cloneDatabase, openStage, type Stage } from './stage.ts';

const schedules = 2_000;
const kept = JSON.parse(readFileSync(new URL('failing-seeds.json', import.meta.url), 'utf8')) as number[];
const { host, port, user, template } = inject('postgres');
const server = { host, port, user };
/** What a message goes through: a process has to die on both sides of each. */
const steps = [
  ...['accept_messages', 'claim_messages', 'upload', 'call', 'answer', 'record_attempts', 'give_back_claim'],
  ...['recover_attempts', 'settle_unknown', 'expire_messages', 'store a post', 'apply posts'],
  ...['cancel', 'decide', 'change an account', 'delete a contact', 'erase'],
].flatMap(step => [`${step} (before)`, `${step} (after)`]);
let stages: Stage[];
let stage: Stage;

beforeAll(async () => {
  const open = async () => openStage(server, await cloneDatabase(server, template));
  // While one waits for the database, the others compute.
  stages = [await open(), await open(), await open(), await open()];
  stage = await open();
});
afterAll(() => Promise.all([...stages, stage].map(open => open.close())));

test('a seed is a schedule: played again, every step is the same', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const first = await playSeed(seed, stage);
    const second = await playSeed(seed, stage);
    expect(second.world.trace).toEqual(first.world.trace);
  }
});

test('every planted fault can still be planted', async () => {
  expect(await faultsThatDoNotFit(process.cwd())).toEqual([]);
});

test('seeds that broke a promise once break none any more', async () => {
  for (const seed of kept) expect(await brokenPromises(await playSeed(seed, stage)), `seed ${seed}`).toEqual([]);
});

test(`no promise breaks in ${schedules} schedules`, { timeout: 3_600_000 }, async () => {
  const broken: string[] = [];
  const total = await playSeeds(stages, 1, schedules, failure =>
    broken.push(`seed ${failure.seed}: ${failure.broken.join('; ')}`),
  );
  expect(broken).toEqual([]);
  // It has been a real storm.
  expect(total.played).toBe(schedules);
  expect(total.crashes).toBeGreaterThan(schedules);
  expect(total.calls).toBeGreaterThan(schedules);
  expect(total.lateWords).toBeGreaterThan(20);
  expect(total.cancelsOfSending).toBeGreaterThan(100);
  expect(total.cancelsLostToClaim).toBeGreaterThan(10);
  expect(total.deeds).toBeGreaterThan(2_000);
  expect(total.erased).toBeGreaterThan(30);
  expect(steps.filter(step => !total.struck[step])).toEqual([]);
});
