// Backup and restore with the embedded database: with the program running, and without it.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRecado } from '../setup/command.ts';
import { until } from './processes.ts';
import { type Program, prepareProgram } from './program.ts';

let program: Program;
let other: Program;
beforeAll(async () => {
  program = await prepareProgram();
  // A backup is restored into it.
  other = await prepareProgram({}, 'makes the database');
  await program.start();
});
afterAll(async () => {
  await program.close();
  await other.close();
});

const beside = (name: string) => join(program.dataDir, '..', name);

test('a backup beside the running program, one without it, and a restore from which it starts', async () => {
  const [account] = (await program.call('GET', '/api/v1/accounts')).body.data;
  await program.call('POST', `/api/v1/accounts/${account.id}/pause`);
  const body = { account_id: account.id, to: '+33612345678', type: 'text', text: { body: 'later' } };
  const { id } = (await program.call('POST', '/api/v1/messages', body)).body;

  const running = await runRecado({ DATA_DIR: program.dataDir }, ['backup', beside('running.gz')]);
  expect(running).toMatchObject({ code: 0, out: expect.stringContaining('including 1 messages') });
  const refused = await runRecado({ DATA_DIR: program.dataDir }, ['restore', beside('running.gz')]);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('is in use by another Recado') });

  expect(await program.stop()).toBe(0);
  const stopped = await runRecado({ DATA_DIR: program.dataDir }, ['backup', beside('stopped.gz')]);
  expect(stopped).toMatchObject({ code: 0, out: expect.stringContaining('including 1 messages') });
  expect(existsSync(join(program.dataDir, 'recado.lock'))).toBe(false);

  const restored = await runRecado({ DATA_DIR: other.dataDir }, ['restore', beside('stopped.gz')]);
  // Its folder has a different key, which it warns about.
  expect(restored).toMatchObject({ code: 2, out: expect.stringContaining('1 messages became unknown') });
  await other.start();
  expect((await other.call('GET', `/api/v1/messages/${id}`)).body).toMatchObject({ status: 'unknown', attempts: [] });
  await other.call('POST', `/api/v1/accounts/${account.id}/resume`);
  const resolved = await other.call('POST', `/api/v1/messages/${id}/resolve`, { resolution: 'retry' });
  expect(resolved.status).toBe(200);
  await until('sent', 30, async () => (await other.ledger()).length === 1);
});

test('where the store of the media cannot be opened, no database is left running', async () => {
  const fresh = beside('fresh');
  await mkdir(fresh, { mode: 0o711 });
  await rm(join(program.dataDir, 'media'), { recursive: true, force: true });
  for (const [dataDir, words] of [
    [fresh, ['restore', beside('stopped.gz')]],
    [program.dataDir, ['media', 'check']],
  ] as const) {
    await writeFile(join(dataDir, 'media'), 'a file where the folder should be');
    const { code, err } = await runRecado({ DATA_DIR: dataDir }, [...words]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('cannot be opened') });
    for (const left of ['postgres/postmaster.pid', 'recado.lock'])
      expect({ left, is: existsSync(join(dataDir, left)) }).toEqual({ left, is: false });
  }
});

test('a folder without a database is left as it is', async () => {
  const { code, err } = await runRecado({ DATA_DIR: beside('none') }, ['backup', beside('none.gz')]);
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('There is no database in') });
  expect(existsSync(beside('none'))).toBe(false);
});
