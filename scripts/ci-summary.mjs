// `node scripts/ci-summary.mjs <vitest's JSON report> [failed steps]`: tells what took longest, counts the tests, and fails unless all passed.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [, , report = '', ...failedSteps] = process.argv;
const files = readReport(report);
const passed = testsThat('passed').length;
// CI has everything that tests need: a skipped test proves nothing.
const unrun = files.flatMap(file => file.tests.filter(({ status }) => status !== 'passed' && status !== 'failed'));
// A file that fails to load has no tests to count.
const broken = files.filter(file => file.status === 'failed' && file.tests.length === 0);
const failedTests = testsThat('failed').length + unrun.length + broken.length;
// `npm test` fails with its tests; a failure without them (a compile error, an unhandled rejection) counts by itself.
const otherSteps = failedSteps.filter(step => !step.startsWith('npm test') || failedTests === 0);
const nothingRan = passed + failedTests === 0 && otherSteps.length === 0;
const failed = failedTests + otherSteps.length + (nothingRan ? 1 : 0);

for (const file of broken) console.log(`Could not be loaded: ${file.name}`);
for (const { status, name } of unrun) console.log(`Not run (${status}), counted as failed: ${name}`);
for (const step of otherSteps) console.log(`Failed step, counted as one: ${step}`);
for (const line of [...slowest(20), ...cpuByArea(), ...outOfTurn()]) console.log(line);
if (nothingRan) console.log('No test ran, which counts as one failure.');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** @param {string} status */
function testsThat(status) {
  return files.flatMap(file => file.tests.filter(test => test.status === status));
}

/**
 * The test files that took longest, as lines; none where the run did not write its times.
 * @param {number} count
 */
function slowest(count) {
  const times = readTimes().sort((left, right) => right.ms - left.ms);
  if (times.length === 0) return [];
  const lines = times.slice(0, count).map(({ name, ms }) => {
    return `${(ms / 1000).toFixed(1).padStart(7)} s  ${relative(process.cwd(), name)}`;
  });
  return [`The ${lines.length} slowest test files, of ${times.length}:`, ...lines];
}

/** @returns {{ name: string, ms: number }[]} */
function readTimes() {
  try {
    return JSON.parse(readFileSync(`${report}.times`, 'utf8')).times;
  } catch {
    return [];
  }
}

/** The files that wait for their turn, in a line. */
function outOfTurn() {
  try {
    const { leftOut } = JSON.parse(readFileSync(`${report}.times`, 'utf8'));
    if (leftOut.length === 0) return [];
    const names = leftOut.map(path => path.replace(/^tests\//, '').replace(/\.test\.ts$/, ''));
    return [`${names.length} files had no turn (npm run test:all plays all): ${names.join(', ')}`];
  } catch {
    return [];
  }
}

/** Processor seconds of the test files by area, the most first: of their workers, and of the programs they started. */
function cpuByArea() {
  const areas = new Map();
  for (const { name, own, children } of readCpuTimes()) {
    const area = /^(tests\/[^/]+|[^/]+)/.exec(relative(process.cwd(), name))?.[0] ?? name;
    const sum = areas.get(area) ?? { files: 0, own: 0, children: 0 };
    areas.set(area, { files: sum.files + 1, own: sum.own + own, children: sum.children + children });
  }
  if (areas.size === 0) return [];
  const lines = [...areas]
    .sort(([, left], [, right]) => right.own + right.children - left.own - left.children)
    .map(([area, { files, own, children }]) => {
      const total = (own + children).toFixed(0).padStart(6);
      return `${total} s  ${area} (${files} files, ${children.toFixed(0)} s in their programs)`;
    });
  return ['Processor seconds by area, without PostgreSQL and Chromium that several files share:', ...lines];
}

/** @returns {{ name: string, own: number, children: number }[]} */
function readCpuTimes() {
  try {
    const lines = readFileSync(`${report}.cpu`, 'utf8').split('\n');
    return lines.filter(line => line !== '').map(line => JSON.parse(line));
  } catch {
    return [];
  }
}

/** @param {string} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).testResults.map(({ name, status, assertionResults }) => ({
      name,
      status,
      tests: assertionResults.map(test => ({ status: test.status, name: `${name} ${test.fullName}` })),
    }));
  } catch {
    // The tests stopped before they wrote it completely.
    return [];
  }
}
