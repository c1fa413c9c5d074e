// Starts slow test files first: started last, one would leave the other core idle.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slowest files, the slowest first. */
const longest = [
  'tests/scenarios/backup.test.ts',
  'tests/simulation/simulation.test.ts',
  'tests/faults/short.test.ts',
  'tests/faults/disk.test.ts',
  'tests/tenancy/tenancy.test.ts',
  'tests/scenarios/privacy.test.ts',
  'tests/scenarios/reads.test.ts',
  'tests/faults/kill.test.ts',
  'server/app/database/embedded-postgres/embedded-postgres.test.ts',
  'tests/scenarios/media-killed.test.ts',
  'tests/scenarios/media-conversion.test.ts',
  'tests/fuzz/fuzz.test.ts',
  'tests/scenarios/passwords.test.ts',
  'tests/faults/backup.test.ts',
];

const place = ({ moduleId }: TestSpecification): number => {
  const found = longest.findIndex(path => moduleId.endsWith(`/${path}`));
  return found < 0 ? longest.length : found;
};

/** Sorts the slowest files first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => place(left) - place(right));
  }
}
