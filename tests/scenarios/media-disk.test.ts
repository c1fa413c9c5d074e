// The disk of the files is full to the last byte, and the database has room elsewhere: refused, read, waited for, gone on.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mountSmallDisk, noSmallDisk, type SmallDisk } from '../faults/small-disk.ts';
import { pdf } from '../setup/media-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const MiB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let disk: SmallDisk;
let scenario: Scenario;
let dataDir: string;
/** Was there before the disk was full. */
let kept: { id: string; bytes: Buffer };

beforeAll(async () => {
  if (noSmallDisk) return;
  disk = mountSmallDisk(24);
  dataDir = join(disk.path, 'data');
  scenario = await startScenario({ clock: 'manual', env: { DATA_DIR: dataDir, AWS_S3_MAX_FILE_SIZE: '20MB' } });
  const bytes = pdf(300_000);
  kept = { id: (await upload(bytes)).body.id, bytes };
});
beforeEach(() => disk?.clear());
afterAll(async () => {
  await scenario?.close();
  disk?.close();
});

async function upload(bytes: Buffer, at = scenario) {
  const form = new FormData();
  form.append('file', new Blob([bytes as Buffer<ArrayBuffer>]), 'file.bin');
  const headers = { authorization: `Bearer ${await at.token()}` };
  const answer = await fetch(`${at.recado.url}/api/v1/media`, { method: 'POST', headers, body: form });
  return {
    status: answer.status,
    retryAfter: Number(answer.headers.get('retry-after')),
    body: (await answer.json()) as { id: string; code?: string; detail?: string },
  };
}

async function content(id: string, at = scenario): Promise<Buffer> {
  const headers = { authorization: `Bearer ${await at.token()}` };
  return Buffer.from(await (await fetch(`${at.recado.url}/api/v1/media/${id}/content`, { headers })).arrayBuffer());
}

const underWay = async () => [
  ...(await readdir(join(dataDir, 'media-spool'))),
  ...(await readdir(join(dataDir, 'media/.incoming'))),
];
const held = () => scenario.sql('select 1 from media_content where holders > 0');

test.skipIf(noSmallDisk)('an upload is rejected clearly, reading goes on, and nothing of it is left', async () => {
  for (const leave of [0, 3 * MiB]) {
    await disk.fill(leave);
    const free = disk.free();
    const refused = await upload(pdf(10 * MiB));
    expect([refused.status, refused.body.code]).toEqual([503, 'storage_full']);
    expect(refused.body.detail).toMatch(/must free space/);
    expect(refused.retryAfter).toBeGreaterThan(0);
    expect((await content(kept.id)).equals(kept.bytes)).toBe(true);
    expect((await scenario.api('GET', '/api/v1/media')).status).toBe(200);
    expect(await underWay()).toEqual([]);
    expect(disk.free()).toBe(free);
    disk.clear();
  }
  expect(await held()).toEqual([]);
  const bytes = pdf(10 * MiB);
  const taken = await upload(bytes);
  expect([taken.status, (await content(taken.body.id)).equals(bytes)]).toEqual([201, true]);
  expect((await scenario.api('DELETE', `/api/v1/media/${taken.body.id}`)).status).toBe(204);
});

test.skipIf(noSmallDisk)('stored files can be deleted while the disk is full', async () => {
  const { body } = await upload(pdf(2 * MiB));
  await disk.fill(0);
  expect((await scenario.api('DELETE', `/api/v1/media/${body.id}`)).status).toBe(204);
  expect(disk.free()).toBeGreaterThanOrEqual(2 * MiB);
});

test.skipIf(noSmallDisk)('a file that came with a message waits for room, and is not lost', async () => {
  await disk.fill(100_000);
  const bytes = pdf(2 * MiB);
  const words = new URLSearchParams({
    to: scenario.account.phone_number_id,
    type: 'document',
    mime_type: 'application/pdf',
    filename: 'menu.pdf',
  });
  const sent = await fetch(`${scenario.simulator.url}/phones/${encodeURIComponent('+33613007777')}/media?${words}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(bytes),
  });
  expect(sent.status).toBe(202);
  await scenario.settle();
  const files = async () =>
    (await scenario.api('GET', '/api/v1/media?direction=received')).body.data as {
      id: string;
      status: string;
      error?: { code: string };
    }[];
  const seen: (string | undefined)[] = [];
  // For hours, over many tries.
  for (const ms of [0, 11_000, 61_000, 301_000, 1_201_000]) {
    await scenario.advance(ms);
    const [file] = await files();
    seen.push(file?.status, file?.error?.code);
    expect(await underWay()).toEqual([]);
  }
  expect(seen).toEqual(Array(5).fill(['pending', 'storage_full']).flat());
  disk.clear();
  await scenario.advance(3_601_000);
  const [file] = await files();
  expect(file).toMatchObject({ status: 'stored', filename: 'menu.pdf' });
  expect(sha256(await content(file?.id ?? ''))).toBe(sha256(bytes));
});

test.skipIf(noSmallDisk)(
  'the store on a disk of its own: copied there, and rejected where it alone is full',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recado-media-'));
    const own = join(disk.path, 'own');
    await Promise.all([mkdir(join(folder, 'data'), { mode: 0o700 }), mkdir(own, { mode: 0o700 })]);
    await symlink(own, join(folder, 'data/media'));
    const other = await startScenario({ env: { DATA_DIR: join(folder, 'data'), AWS_S3_MAX_FILE_SIZE: '20MB' } });
    try {
      const bytes = pdf(MiB);
      const taken = await upload(bytes, other);
      expect([taken.status, (await content(taken.body.id, other)).equals(bytes)]).toEqual([201, true]);
      await disk.fill(0);
      const refused = await upload(pdf(MiB), other);
      expect([refused.status, refused.body.code]).toEqual([507, 'media_store_full']);
      expect((await content(taken.body.id, other)).equals(bytes)).toBe(true);
      expect([
        ...(await readdir(join(folder, 'data/media-spool'))),
        ...(await readdir(join(own, '.incoming'))),
      ]).toEqual([]);
      disk.clear();
      expect((await upload(pdf(MiB), other)).status).toBe(201);
    } finally {
      await other.close();
      await rm(folder, { recursive: true });
    }
  },
);
