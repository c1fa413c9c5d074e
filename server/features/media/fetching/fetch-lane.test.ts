// How long a large download may take, and when it is retried.
import { PassThrough, type Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { openLog } from '../../../kit/log.ts';
import { createMetrics } from '../../../kit/metrics.ts';
import { manualClock } from '../../../kit/time.ts';
import type { Channel, Channels } from '../../../ports/channel.ts';
import type { MediaService } from '../files/store-file.ts';
import { fetchLane } from './fetch-lane.ts';

/** All accounts have this channel. */
const only = (channel: Channel): Channels => ({
  routes: ['sandbox'],
  capabilitiesOf: () => undefined,
  of: async () => channel,
  renew: async () => {},
});

const MiB = 1024 * 1024;

/** A lane with one file at the test's speed; `asked` has its SQL statements. */
async function lane(size: number, random = 0) {
  const clock = manualClock(0);
  const asked: { text: string; values: readonly unknown[] }[] = [];
  const file = {
    id: 'f',
    attempts: 1,
    kind: 'document',
    channel: 'sandbox',
    expected_sha256: null,
    expected_size: null,
  };
  const query = async ({ texts, values }: { texts: readonly string[]; values: readonly unknown[] }) => {
    const text = texts.join('?');
    asked.push({ text, values });
    if (text.includes('claim_media')) return [{ ...file, more: false, wait_ms: null }];
    return [{ done: true }];
  };
  const stream = new PassThrough();
  let taken = (_: Readable) => {};
  const reading = new Promise<Readable>(resolve => {
    taken = resolve;
  });
  const take = async (content: Readable) => {
    taken(content);
    for await (const _ of content);
    throw new Error('the test ends it earlier');
  };
  const channel = { fetchMedia: async () => ({ class: 'found', stream, size, mimeType: 'application/pdf' }) };
  const made = fetchLane({
    keep: {
      engineDb: { query, atomic: { query } },
      clock,
      spool: { take },
      limits: { document: { mimeTypes: ['application/pdf'], maxBytes: 100 * MiB } },
    } as unknown as MediaService,
    log: openLog('silent'),
    metrics: createMetrics(),
    channels: only(channel as unknown as Channel),
    random: () => random,
    holdsBack: () => false,
  });
  const [job] = (await made.claim('account', 1)).jobs;
  if (!job) throw new Error('nothing was claimed');
  const ended = job.run();
  return { clock, asked, job, ended, content: await reading };
}

test('a large file has longer to come, and keeps its lease and its place for as long', async () => {
  const { clock, asked, job, ended, content } = await lane(20 * MiB);
  expect(asked.find(({ text }) => text.startsWith('update media set lease_until'))?.values).toContain(415);
  clock.advance(379_000);
  expect(content.destroyed).toBe(false);
  expect(job.moreMs?.()).toBe(240_000);
  expect(job.moreMs?.()).toBe(0);
  clock.advance(2_000);
  expect(content.destroyed).toBe(true);
  expect(await ended).toBe(10_000);
});

test.each([
  [0, 10_000],
  [1, 8_000],
])('the pause of a small file that did not come is spread: %f', async (random, pause) => {
  const { clock, asked, job, ended, content } = await lane(MiB, random);
  clock.advance(141_000);
  expect(content.destroyed).toBe(true);
  expect(job.moreMs?.()).toBe(0);
  expect(await ended).toBe(pause);
  expect(asked.some(({ text }) => text.startsWith('update media set lease_until'))).toBe(false);
});
