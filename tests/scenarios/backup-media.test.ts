// Backups with the contents of media: byte for byte in and out again, into another store, stopped and begun again.
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from 'fauxqs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restore } from '../../server/admin/restore.ts';
import { readConfig } from '../../server/app/config/config.ts';
import { openStores } from '../../server/app/storage.ts';
import { packageRoot } from '../../server/kit/os/package-root.ts';
import { runRecado } from '../setup/command.ts';
import { pdf } from '../setup/media-files.ts';
import { makeDatabase, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

let folder: string;
let scenario: Scenario;
let workspaceId: string;
/** Each of its own length: none, one piece, many pieces, and pieces that do not end where those of the store do. */
const files = [Buffer.from('x'), ...[1_000, 70_000, 256 * 1024, 1_234_567, 5_000_000].map(size => pdf(size))];
const ids: string[] = [];
const backup = () => join(folder, 'with-media.backup.gz');

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const pathOf = (dataDir: string, sha256: string) => join(dataDir, 'media', workspaceId, sha256.slice(0, 2), sha256);
const settings = (databaseUrl: string, dataDir: string, more: Record<string, string> = {}) => ({
  DATABASE_URL: databaseUrl,
  SECRET_KEY: secretKey,
  DATA_DIR: dataDir,
  ...more,
});
const mine = () => settings(scenario.databaseUrl, scenario.dataDir);

async function upload(bytes: Buffer): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([bytes as Buffer<ArrayBuffer>]), 'file.bin');
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  const answer = await fetch(`${scenario.recado.url}/api/v1/media`, { method: 'POST', headers, body: form });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

async function contentOf(which: Scenario, id: string): Promise<Buffer> {
  const headers = { authorization: `Bearer ${await which.token()}` };
  const answer = await fetch(`${which.recado.url}/api/v1/media/${id}/content`, { headers });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

/** A bucket of its own. */
async function openBucket(): Promise<{ env: Record<string, string>; close(): Promise<unknown> }> {
  const app = buildApp({ logger: false });
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace(/\/$/, '');
  await fetch(`${url}/files`, { method: 'PUT' });
  const env = {
    AWS_S3_BUCKET: 'files',
    AWS_S3_ENDPOINT: url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  };
  return { env, close: () => app.close() };
}

const emptyFolder = (name: string) => mkdtemp(join(folder, `${name}-`));

async function schemaOf(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`select to_regnamespace('recado')::text as schema`);
  await client.end();
  return rows[0]?.schema;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-backup-media-'));
  scenario = await startScenario({ env: { AWS_S3_MAX_FILE_SIZE: '20000000' } });
  const [row] = await scenario.sql<{ id: string }>('select id from workspace');
  workspaceId = row?.id ?? '';
  for (const bytes of files) ids.push(await upload(bytes));
}, 60_000);
afterAll(async () => {
  await scenario.close();
  await rm(folder, { recursive: true, force: true });
});

test('what is taken while files come and go has every content that was there before', async () => {
  let loading = true;
  let uploads = 0;
  const load = Array.from({ length: 3 }, async () => {
    while (loading) {
      const id = await upload(pdf(50_000));
      uploads += 1;
      if (uploads % 2 === 0) await scenario.api('DELETE', `/api/v1/media/${id}`);
    }
  });
  while (uploads < 6) await new Promise(resolve => setImmediate(resolve));
  const { code, out, err } = await runRecado(mine(), ['backup', '--media', backup()]);
  const during = uploads;
  loading = false;
  await Promise.all(load);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/with \d+ contents of media/) });
  expect(err).toMatch(/saved media contents: \d+ of \d+, .* of /);
  expect(during).toBeGreaterThan(6);
  const checked = await runRecado({}, ['backup', '--check', backup()]);
  expect(checked).toMatchObject({ code: 0, out: expect.stringMatching(/is whole: .*with \d+ contents of media/) });
});

test('a restore that was stopped is begun again, into a store of another kind, and all is there byte for byte', async () => {
  const bucket = await openBucket();
  const url = await makeDatabase('empty');
  const dataDir = await emptyFolder('s3');
  const env = settings(url, dataDir, bucket.env);
  const stores = await openStores(readConfig(env));
  try {
    const stopping = new AbortController();
    let seen = 0;
    const stopped = restore({
      connection: { connectionString: url },
      secretKey,
      path: backup(),
      migrations: join(packageRoot, 'migrations'),
      resume: false,
      stores,
      progress: verb => ({
        onRows: () => {},
        onContent: () => {
          if (verb === 'restored') seen += 1;
          if (seen === 3) stopping.abort();
        },
      }),
      say: () => {},
      signal: stopping.signal,
    });
    await expect(stopped).rejects.toThrow();
    expect(await schemaOf(url)).toBeNull();

    const { code, out, err } = await runRecado(env, ['restore', backup()]);
    // A file that was deleted while the backup was taken may be missing, and then is told.
    const isMissing = /^\d+ of \d+ media contents, .*, are not in their stores\./m.test(out);
    expect({ code, err: code === 1 ? err : '' }).toEqual({ code: isMissing ? 2 : 0, err: '' });
    expect(err).toMatch(/^checked media contents: \d+ of \d+, /m);
    const [, put, there] = /^(\d+) media contents were put into s3; (\d+) were already there\.$/m.exec(out) ?? [];
    expect(Number(there)).toBeGreaterThanOrEqual(3);
    expect(Number(put)).toBeGreaterThan(0);

    const after = await startScenario({ databaseUrl: url, env: bucket.env });
    try {
      for (const [place, id] of ids.entries())
        expect(hashOf(await contentOf(after, id))).toBe(hashOf(files[place] as Buffer));
      const [elsewhere] = await after.sql<{ n: number }>(
        `select count(*)::int as n from media_content where store <> 's3' and stored_at is not null and sha256 = any ($1)`,
        [files.map(hashOf)],
      );
      expect(elsewhere?.n).toBe(0);
    } finally {
      await after.close();
    }
  } finally {
    await stores.close();
    await bucket.close();
  }
});

test('a damaged file of a backup is found, and puts nothing into the store', async () => {
  const bytes = await readFile(backup());
  // Far behind the rows.
  const at = bytes.length - 1_000_000;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const path = join(folder, 'damaged.gz');
  await writeFile(path, bytes);
  const checked = await runRecado({}, ['backup', '--check', path]);
  expect(checked).toMatchObject({ code: 1, err: expect.stringContaining('is damaged or incomplete') });
  const url = await makeDatabase('empty');
  const dataDir = await emptyFolder('damaged');
  const { code, err } = await runRecado(settings(url, dataDir), ['restore', path]);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('is damaged or incomplete') });
  expect(await schemaOf(url)).toBeNull();
  expect(await readdir(join(dataDir, 'media'))).toEqual(['.incoming']);
});

test('a content that its store has damaged or lost is named and fails the backup, whose restore says how many are missing', async () => {
  const [, , changed, lost] = files.map(hashOf);
  const path = join(folder, 'broken.backup.gz');
  const dataDir = await emptyFolder('broken');
  const places = [pathOf(scenario.dataDir, changed ?? ''), pathOf(scenario.dataDir, lost ?? '')] as const;
  const [first, second] = [await readFile(places[0]), await readFile(places[1])];
  try {
    const other = Buffer.from(first);
    other[7] = (other[7] ?? 0) ^ 1;
    await writeFile(places[0], other);
    await rm(places[1]);
    const taken = await runRecado(mine(), ['backup', '--media', path]);
    expect(taken).toMatchObject({
      code: 1,
      out: expect.stringContaining('2 more were missing or damaged in their stores'),
    });
    expect(taken.err).toMatch(new RegExp(`not whole: disk .*${changed} \\(its bytes do not match its hash\\)`));
    expect(taken.err).toMatch(new RegExp(`not whole: disk .*${lost} \\(`));
    expect(taken.err).toMatch(/^2 media contents are missing or damaged in their stores, .*keep the earlier backups/m);
    // The one that is noted as lost is listed no more; the other one still fails.
    expect(await runRecado(mine(), ['media', 'check', '--repair'])).toMatchObject({ code: 0 });
    const later = await runRecado(mine(), ['backup', '--media', join(folder, 'noted.backup.gz')]);
    expect(later).toMatchObject({ code: 1, err: expect.stringMatching(/^1 media contents are missing or damaged/m) });
  } finally {
    await writeFile(places[0], first);
    await writeFile(places[1], second);
  }
  // It is there again.
  await runRecado(mine(), ['media', 'check', '--repair']);
  const { code, out } = await runRecado(settings(await makeDatabase('empty'), dataDir), ['restore', path]);
  expect({ code, out }).toMatchObject({
    code: 2,
    out: expect.stringMatching(/^2 of \d+ media contents, .* are not in their stores\. Copy DATA_DIR\/media/m),
  });
  await expect(readFile(pathOf(dataDir, changed ?? ''))).rejects.toThrow('ENOENT');
  expect(hashOf(await readFile(pathOf(dataDir, hashOf(files[4] as Buffer))))).toBe(hashOf(files[4] as Buffer));
});

test('without --media the contents are listed; they are missed after a restore until their folder is copied', async () => {
  const path = join(folder, 'without.backup.gz');
  const taken = await runRecado(mine(), ['backup', path]);
  expect(taken).toMatchObject({
    code: 0,
    out: expect.stringMatching(/\d+ media contents are listed but not/),
  });
  const dataDir = await emptyFolder('without');
  const env = settings(await makeDatabase('empty'), dataDir);
  const { code, out } = await runRecado(env, ['restore', path]);
  expect(code).toBe(2);
  expect(out).toMatch(/^(\d+) of \1 media contents, .* are not in their stores\. /m);
  await cp(join(scenario.dataDir, 'media'), join(dataDir, 'media'), { recursive: true });
  expect(await runRecado(env, ['media', 'check'])).toMatchObject({ out: expect.stringMatching(/ 0 lost/) });
});

test('words that do not belong together are rejected', async () => {
  for (const words of [
    ['backup', '--check', '--media', backup()],
    ['restore', '--media', backup()],
  ])
    expect(await runRecado(mine(), words)).toMatchObject({
      code: 1,
      err: expect.stringContaining('Only backup without --check and --prove takes --media'),
    });
});
