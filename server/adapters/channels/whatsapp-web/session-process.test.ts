// Session processes that end by themselves: the sessions beside a guilty one stay open.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { realClock } from '../../../kit/time.ts';
import { sessionProcesses } from './session-process.ts';

/** Opens every session at once, but ends as soon as it opens the one with this name. */
const program = `
  process.on('message', ({ kind, open }) => {
    if (kind !== 'open') return;
    if (open.session === 'guilty') process.exit(1);
    const notice = { kind: 'open', phone: '+15550001', lid: undefined, name: undefined };
    process.send({ kind: 'notice', session: open.session, epoch: open.epoch, notice });
  });
  process.on('disconnect', () => process.exit(0));
  process.send({ kind: 'ready' });
`;

test('a session that makes its process end falls alone in the end, and the others stay open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recado-session-process-'));
  const file = join(folder, 'program.mjs');
  await writeFile(file, program);
  const falls = new Map<string, number>();
  const epochs = new Map<string, number>();
  const fallsOf = (session: string) => falls.get(session) ?? 0;
  const open = (session: string) => {
    const epoch = (epochs.get(session) ?? 0) + 1;
    epochs.set(session, epoch);
    host.open({ session, epoch, credentials: null, link: null, version: [2, 3000, 1] });
  };
  const host = sessionProcesses({
    settings: { url: 'ws://127.0.0.1:1', folder, showsTyping: false, ackMs: 1_000, historyDays: 0 },
    perProcess: 100,
    log: pino({ level: 'silent' }),
    clock: realClock,
    program: file,
    listener: {
      noticed(session, _, { kind }) {
        if (kind !== 'closed') return;
        falls.set(session, fallsOf(session) + 1);
        open(session);
      },
      asked: async () => null,
    },
  });
  try {
    for (const session of ['one', 'guilty', 'two']) open(session);
    await expect.poll(() => fallsOf('guilty'), { timeout: 30_000 }).toBeGreaterThanOrEqual(5);
    // Once in one process, once more, once among ten: then each has a process of its own.
    expect([fallsOf('one'), fallsOf('two')]).toEqual([3, 3]);
  } finally {
    await host.stop();
    await rm(folder, { recursive: true });
  }
});
