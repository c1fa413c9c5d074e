// The engine on schedules that seeds decide: crashes at any step, stopped processes, cut connections, late and doubled
// receipts, lost and doubled wake-ups, a clock that is set, operators who meddle. No promise may break.
// Each commit plays 60, and a fifth of the seeds that failed once; TEST_ALL=1 plays 2,000, and all of those.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { howToRepeat, isWhole, offset, rotatingPart } from '../setup/rotation.ts';
import { workerPostgres } from '../setup/worker-postgres.ts';
import { cloneDatabase, type Environment, openEnvironment } from './environment.ts';
import { outdatedMutants } from './mutate.ts';
import { playSeeds, seedsFrom } from './play.ts';
import { playSeed } from './schedule.ts';

const schedules = isWhole ? 2_000 : 60;
/** One of 1,000 blocks of seeds. */
const first = isWhole ? 1 : 1 + schedules * (offset % 1_000);
const failed = JSON.parse(readFileSync(new URL('failing-seeds.json', import.meta.url), 'utf8')) as number[];
const kept = rotatingPart([failed], 5);
const { host, port, user, template } = workerPostgres();
const server = { host, port, user };
/** A process has to die on both sides of each step. */
const steps = [
  ...['accept_messages', 'claim_messages', 'expire_messages', 'store a post', 'resolve_unknown', 'upload', 'call'],
  ...['answer', 'record_outcomes', 'reconcile', 'recover_lost_calls', 'apply posts', 'cancel', 'decide'],
  ...['change an account', 'delete a contact', 'erase', 'move a campaign', 'step of a campaign'],
].flatMap(step => [`${step} (before)`, `${step} (after)`]);
/** On a busy machine schedules take long, and a test that was given up would disturb the next. */
const patient = { timeout: 3_600_000 };
let environments: Environment[];
let environment: Environment;

beforeAll(async () => {
  const open = async () => openEnvironment(server, await cloneDatabase(server, template));
  // While one waits for the database, the others compute.
  environments = [await open(), await open(), await open(), await open()];
  environment = await open();
});
afterAll(() => Promise.all([...environments, environment].map(open => open.close())));

/** Plays these seeds, and says in words which promises break. */
async function playAll(seeds: readonly number[]) {
  const broken: string[] = [];
  const total = await playSeeds(environments, seeds, failure =>
    broken.push(`seed ${failure.seed}: ${failure.broken.join('; ')}`),
  );
  return { broken, total };
}

test('a seed is a schedule: played again, every step is the same', patient, async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const first = await playSeed(seed, environment);
    await environment.retire(first.accounts.map(({ id }) => toUuid(id)));
    const second = await playSeed(seed, environment);
    await environment.retire(second.accounts.map(({ id }) => toUuid(id)));
    expect(second.world.trace).toEqual(first.world.trace);
  }
});

test('every mutant can still be planted', async () => {
  expect(await outdatedMutants(process.cwd())).toEqual([]);
});

test('seeds that broke a promise once break none any more', patient, async () => {
  const { broken, total } = await playAll(kept);
  expect(broken).toEqual([]);
  expect(total.played).toBe(kept.length);
});

test(`no promise breaks in the seeds ${first} to ${first + schedules - 1}`, patient, async () => {
  const { broken, total } = await playAll(seedsFrom(first, schedules));
  expect(broken, howToRepeat).toEqual([]);
  // It has been a real storm.
  expect(total.played).toBe(schedules);
  expect(total.crashes).toBeGreaterThan(schedules);
  expect(total.calls).toBeGreaterThan(schedules);
  expect(total.actions).toBeGreaterThan(schedules);
  expect(total.cancelsOfSending).toBeGreaterThan(0);
  const missed = steps.filter(step => !total.struck[step]);
  // 60 schedules strike about half of the steps, and may miss what is rarer.
  expect(missed.length, missed.join()).toBeLessThan(steps.length * 0.8);
  if (!isWhole) return;
  expect(missed).toEqual([]);
  expect(total.cancelsOfSending).toBeGreaterThan(schedules / 20);
  expect(total.erased).toBeGreaterThan(schedules / 100);
  expect(total.lateWords).toBeGreaterThan(schedules / 400);
  expect(total.cancelsLostToClaim).toBeGreaterThan(10);
});
