// Notes the processor time of each test file, with that of the programs that it started.
import { appendFileSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect } from 'vitest';

/** One test file: seconds of its worker, and of the processes that ended in it. */
export interface CpuTime {
  name: string;
  own: number;
  children: number;
}

/** Clock ticks a second in /proc, on every Linux of today. */
const ticks = 100;

function used(): { own: number; children: number } {
  const { user, system } = process.cpuUsage();
  // The name may have spaces; the fields behind it do not.
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return { own: (user + system) / 1e6, children: (Number(fields[13]) + Number(fields[14])) / ticks };
}

const path = process.env.TEST_REPORT && process.platform === 'linux' ? `${process.env.TEST_REPORT}.cpu` : undefined;
if (path !== undefined) {
  let before = used();
  beforeAll(() => {
    before = used();
  });
  afterAll(() => {
    const after = used();
    const time: CpuTime = {
      name: expect.getState().testPath ?? '',
      own: after.own - before.own,
      children: after.children - before.children,
    };
    appendFileSync(path, `${JSON.stringify(time)}\n`);
  });
}
