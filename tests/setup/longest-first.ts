// Starts slow test files first: started last, one would leave the other core idle.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slowest files, the slowest first. */
const longest = [
  'tests/scenarios/backup.test.ts',
  'tests/scenarios/guides.test.ts',
  'tests/conformance/web.test.ts',
  'tests/faults/disk.test.ts',
  'tests/faults/kill.test.ts',
  'tests/simulation/simulation.test.ts',
  'tests/faults/short.test.ts',
  'tests/browser/inbox.test.ts',
  'tests/browser/restart.test.ts',
  'tests/scenarios/links.test.ts',
  'tests/scenarios/media-conversion.test.ts',
  'tests/scenarios/reads.test.ts',
  'tests/browser/link.test.ts',
  'tests/fuzz/fuzz.test.ts',
  'tests/tenancy/tenancy.test.ts',
  'tests/scenarios/media-killed.test.ts',
  'tests/scenarios/realtime-faults.test.ts',
  'tests/browser/live.test.ts',
  'tests/browser/composer.test.ts',
  'tests/scenarios/deferred.test.ts',
  'channels/whatsapp-web/tests/driver/sending.test.ts',
  'tests/scenarios/privacy.test.ts',
  'tests/scenarios/link-restart.test.ts',
  'tests/conformance/cloud.test.ts',
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
