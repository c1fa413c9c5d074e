// The guide for other people's CI: its commands run as they stand, and its check passes.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../faults/processes.ts';

const root = resolve(import.meta.dirname, '../..');

test('its commands work in the order of the page', async () => {
  const page = readFileSync(join(root, 'docs/guides/simulator-in-ci.md'), 'utf8');
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  expect(blocks.length).toBeGreaterThan(5);
  // The test must not need a fixed port, nor a folder with Recado in it.
  const script = blocks
    .join('echo; echo ---\n')
    .replaceAll('3001', String(await freePort()))
    .replaceAll('npx recado', `'${process.execPath}' '${join(root, 'cli/bin/recado.mjs')}'`);
  const folder = mkdtempSync(join(tmpdir(), 'simulator-guide-'));
  const bash = spawn('bash', ['-uc', `trap 'kill "$SIMULATOR" 2>/dev/null' EXIT\n${script}`], { cwd: folder });
  let said = '';
  for (const stream of [bash.stdout, bash.stderr]) stream.on('data', data => (said += data));
  const code = await new Promise(done => bash.once('close', done));
  rmSync(folder, { recursive: true });
  expect(said).toContain('The phone got each message once.');
  expect(said.match(/"code":131056,"error_data"/g)).toHaveLength(2);
  expect(said).toContain('no answer');
  expect(code).toBe(0);
});
