// Stop signals, tested in a separate process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const urlOf = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** A program that prints when it is told to stop, and then exits with 0 or not at all. */
async function startProgram(then: string) {
  const words = `
    import { register } from 'node:module';
    register(${urlOf('../../tests/faults/load-typescript.mjs')});
    const { whenToldToStop } = await import(${urlOf('./stop-signals.ts')});
    setInterval(() => {}, 1_000);
    whenToldToStop(() => { console.log('told'); ${then} }, -1);
    console.log('up');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', words], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return { child, ended: once(child, 'exit') };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s is an order to stop', async signal => {
  const { child, ended } = await startProgram('process.exit(0)');
  child.kill(signal);
  expect(await ended).toEqual([0, null]);
});

test('a second signal ends the program at once', async () => {
  const { child, ended } = await startProgram('');
  child.kill('SIGHUP');
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  expect(await ended).toEqual([1, null]);
});
