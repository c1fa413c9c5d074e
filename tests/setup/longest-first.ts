// A file that takes minutes, begun last, would keep the others' core waiting for it.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first. */
const longest = [
  'tests/stories/backup.test.ts',
  'tests/simulation/simulation.test.ts',
  'tests/faults/short.test.ts',
  'tests/scenarios/backup.test.ts',
  'tests/scenarios/media-killed.test.ts',
  'tests/tenancy/tenancy.test.ts',
  'server/app/database/embedded-postgres/embedded-postgres.test.ts',
  'tests/faults/kill.test.ts',
  'tests/scenarios/delivery.test.ts',
];

const place = ({ moduleId }: TestSpecification): number => {
  const found = longest.findIndex(path => moduleId.endsWith(`/${path}`));
  return found < 0 ? longest.length : found;
};

/** Begins with the longest files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => place(left) - place(right));
  }
}
