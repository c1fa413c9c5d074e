// A backup of a release with one of every object: later versions start on it.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runRecado } from '../setup/command.ts';
import { buildScene } from '../tenancy/scene.ts';

/** What a test needs to know of the objects in the backup. */
export interface ReleaseFixture {
  /** Who owns the workspace. */
  owner: string;
  /** The id of one object of each kind. */
  ids: Record<string, string>;
  /** A paused account, and its waiting messages: queued in this order, then a scheduled one that is due by now. */
  paused: string;
  waiting: string[];
}

/** The SECRET_KEY of the fixtures: it guards nothing. */
export const fixtureKey = createHash('sha256').update('fixtures of releases').digest('base64');
export const fixtureSettings = (databaseUrl: string, dataDir: string) => ({
  DATABASE_URL: databaseUrl,
  SECRET_KEY: fixtureKey,
  DATA_DIR: dataDir,
});
export const backupOf = (release: string) => join(import.meta.dirname, release, 'recado.backup.gz');
const factsOf = (release: string) => join(import.meta.dirname, release, 'facts.json');

export const readFixture = async (release: string): Promise<ReleaseFixture> =>
  JSON.parse(await readFile(factsOf(release), 'utf8'));

/** Makes the fixture of a release from this checkout. Once it is released, nobody makes it again. */
export async function makeFixture(release: string): Promise<void> {
  const { scenario, ours, send } = await buildScene(fixtureKey);
  try {
    const { owner } = ours.people;
    const done = async (method: string, path: string, body?: object) => {
      const answer = await send(owner, { method, path: `/api/v1/${path}`, body });
      if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status} ${answer.text}`);
      return answer.body;
    };
    const paused = (await done('POST', 'accounts', { name: 'Paused', channel: 'sandbox' })).id;
    await done('POST', `accounts/${paused}/pause`);
    const text = (body: string) => ({ account_id: paused, to: '+33612345678', type: 'text', text: { body } });
    const waiting: string[] = [];
    for (const body of ['first', 'second', 'third']) waiting.push((await done('POST', 'messages', text(body))).id);
    const later = { ...text('scheduled'), send_at: new Date(Date.now() + 30_000).toISOString() };
    waiting.push((await done('POST', 'messages', later)).id);
    const [row] = await scenario.sql<{ email: string }>('select email from person where id = $1', [owner.personId]);
    if (!row) throw new Error('the owner is gone');
    const ids = Object.fromEntries([...ours.ids].map(([kind, [id = '']]) => [kind, id]));
    const facts: ReleaseFixture = { owner: row.email, ids, paused, waiting };
    await mkdir(join(import.meta.dirname, release), { recursive: true });
    await rm(backupOf(release), { force: true });
    const settings = fixtureSettings(scenario.databaseUrl, scenario.dataDir);
    const { code, err } = await runRecado(settings, ['backup', '--media', backupOf(release)]);
    if (code !== 0) throw new Error(`the backup failed: ${err}`);
    await writeFile(factsOf(release), `${JSON.stringify(facts, null, 2)}\n`);
  } finally {
    await scenario.close();
  }
}
