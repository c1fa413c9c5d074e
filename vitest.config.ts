import { defineConfig } from 'vitest/config';
import { FileTimes } from './tests/setup/file-times.ts';
import { useMemoryForFiles } from './tests/setup/in-memory.ts';
import { LongestFirst } from './tests/setup/longest-first.ts';
import { leftOut } from './tests/setup/turns.ts';

const source = {
  resolve: { conditions: ['recado-source'] },
  ssr: { resolve: { conditions: ['recado-source', 'node'] } },
};

// No test mocks a module or leaves anything behind in one: a process loads the program once for all its files.
const shared = { isolate: false };

// How long a machine at its limit may take, which no test is about.
const patience = { testTimeout: 120_000, hookTimeout: 180_000, expect: { poll: { timeout: 40_000 } } };

useMemoryForFiles();

/** The file for vitest's JSON report, which `.ci/run` counts; the times of the files go beside it. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    // A worker often waits, for a program, a browser or a clock: three keep two cores busy.
    maxWorkers: 3,
    ...(report && { reporters: ['default', ['json', { outputFile: report }], new FileTimes(`${report}.times`)] }),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...source,
        test: {
          name: 'rules',
          include: [
            '{contract,server,simulator,channels,cli,bench,web}/**/*.test.ts',
            'tests/{stores,docs,api-documents,sdk}/**/*.test.ts',
          ],
          exclude: ['**/dist/**', '**/node_modules/**', ...leftOut],
          setupFiles: ['tests/setup/cpu-time.ts'],
          ...shared,
          ...patience,
        },
      },
      {
        ...source,
        test: {
          name: 'scenarios',
          include: ['tests/{browser,conformance,scenarios,simulation,tenancy,upgrade}/**/*.test.ts'],
          exclude: [...leftOut],
          globalSetup: ['tests/setup/postgres.ts'],
          setupFiles: ['tests/setup/explain-failure.ts', 'tests/setup/cpu-time.ts'],
          ...shared,
          ...patience,
        },
      },
      {
        ...source,
        test: {
          name: 'faults',
          include: ['tests/{faults,fuzz,limits}/**/*.test.ts'],
          exclude: [...leftOut],
          setupFiles: ['tests/setup/cpu-time.ts'],
          ...shared,
          ...patience,
          testTimeout: 300_000,
        },
      },
    ],
  },
});
