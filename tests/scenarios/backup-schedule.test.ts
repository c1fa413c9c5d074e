// Backups that prove themselves: made and proven on a schedule, and a proof that finds what is wrong.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRecado, startRecado } from '../setup/command.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-backups-'));
  for (const name of ['recado-20200101T030000Z.backup.gz', 'notes.txt']) await writeFile(join(folder, name), 'x');
  // So far away that no wait of a test reaches it.
  const hour = String((new Date().getUTCHours() + 12) % 24);
  const env = { BACKUP_DIR: folder, BACKUP_HOUR: hour, METRICS_PORT: '0' };
  scenario = await startScenario({ clock: 'manual', env });
  // As root, the PostgreSQL of a proof runs as another user.
  for (const place of [dirname(scenario.dataDir), scenario.dataDir]) await chmod(place, 0o711);
  for (let n = 0; n < 5; n++) await scenario.send();
  await scenario.settle();
});
afterAll(async () => {
  await scenario.close();
  await rm(folder, { recursive: true, force: true });
});

const backups = async () => (await readdir(folder)).filter(name => name.endsWith('.backup.gz')).sort();
const newest = async () => join(folder, (await backups()).at(-1) ?? '');
const proofFolder = () => join(scenario.dataDir, 'proof');
const prove = (place: string) => runRecado(scenario.env, ['backup', '--prove', place]);

/** Sweeps a minute later, again and again, until something holds. */
async function untilSwept(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await scenario.advance(60_000);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

async function metric(name: string, kind: string): Promise<number | undefined> {
  const text = await (await fetch(`${scenario.recado.watchUrl}/metrics`)).text();
  const found = new RegExp(`^${name}\\{kind="${kind}"\\} (\\S+)$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

const isProven = async () => (await metric('recado_backup_last_success_timestamp_seconds', 'proof')) !== undefined;

test('a worker makes a backup, proves it, and makes the next one a day later; old ones go', async () => {
  await untilSwept(isProven);
  expect(await backups()).toHaveLength(1);
  expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
  expect(existsSync(proofFolder())).toBe(false);
  const made = await metric('recado_backup_last_success_timestamp_seconds', 'backup');
  expect(Math.abs((made ?? 0) - Date.now() / 1_000)).toBeLessThan(3_600);
  for (const kind of ['backup', 'proof']) expect(await metric('recado_backup_failing', kind)).toBe(0);
  const first = await newest();
  await scenario.advance(86_400_000);
  await untilSwept(async () => (await newest()) !== first);
  expect(await backups()).toHaveLength(2);
  // Nobody of a workspace did it.
  const { body } = await scenario.api('GET', '/api/v1/audit?action=backup.');
  expect(body.data).toEqual([]);
});

test('a proof says how many messages can be restored, and how long that took', async () => {
  const { code, out, err } = await prove(folder);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^.*\.backup\.gz can be restored: 5 messages, \d+\.\d s\.\n$/);
  expect(existsSync(proofFolder())).toBe(false);
});

test('one damaged byte: the proof says so, and so do the metrics', async () => {
  const damaged = join(folder, 'damaged.gz');
  const bytes = await readFile(await newest());
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(damaged, bytes);
  const { code, out, err } = await prove(damaged);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/damaged\.gz is damaged or incomplete/);
  expect(existsSync(proofFolder())).toBe(false);
  while ((await metric('recado_backup_failing', 'proof')) !== 1) await new Promise(resolve => setTimeout(resolve, 100));
  await rm(damaged);
});

test('a backup whose bytes are right and whose data is not: the proof says what is wrong', async () => {
  const file = join(folder, 'wrong.gz');
  await scenario.sql('update lane set queued = queued + 1');
  expect((await runRecado(scenario.env, ['backup', file])).code).toBe(0);
  await scenario.sql('update lane set queued = queued - 1');
  expect((await runRecado({}, ['backup', '--check', file])).code).toBe(0);
  const { code, err } = await prove(file);
  expect(code).toBe(1);
  expect(err).toContain('lane.queued: 1');
  await rm(file);
});

test('a backup of another SECRET_KEY is not proven', async () => {
  const other = { ...scenario.env, SECRET_KEY: 'another-key-of-some-32-characters-xyz' };
  const { code, err } = await runRecado(other, ['backup', '--prove', folder]);
  expect(code).toBe(1);
  expect(err).toContain('another SECRET_KEY');
});

test('a proof that is killed leaves nothing after the next start', async () => {
  const killed = startRecado(scenario.env, ['backup', '--prove', folder]);
  await killed.said(/^Checking /);
  killed.kill();
  await killed.over;
  expect(existsSync(proofFolder())).toBe(true);
  await scenario.node('worker');
  while (existsSync(proofFolder())) await new Promise(resolve => setTimeout(resolve, 50));
});

test('a worker that is killed in a backup leaves nothing after the next one', async () => {
  const name = 'recado-20300101T030000Z.backup.gz';
  const part = join(folder, `.${name}.0123abcd.part`);
  await copyFile(await newest(), part);
  await utimes(part, new Date(), new Date());
  // One at a time is under way: a proof of the last backup may be, because the last one failed.
  const begun = () =>
    scenario.sql(
      `insert into backup_run (id, kind, cause, state, file, began_at, runner)
       values (gen_random_uuid(), 'backup', 'schedule', 'running', $1, now(), gen_random_uuid())
       on conflict do nothing returning 1`,
      [join(folder, name)],
    );
  while ((await begun()).length === 0) await new Promise(resolve => setTimeout(resolve, 100));
  const before = await newest();
  await scenario.advance(2 * 86_400_000);
  await untilSwept(async () => (await newest()) !== before);
  expect(existsSync(part)).toBe(false);
});
