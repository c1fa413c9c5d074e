// The files for Prometheus, Alertmanager and Grafana: each alert has a test and a section, and each metric exists.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const folder = 'deploy/prometheus';

interface Rule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
const rules: Rule[] = parse(read(`${folder}/recado.rules.yml`)).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);
const dashboard: { panels: { targets: { expr: string }[] }[] } = JSON.parse(read('deploy/grafana/recado.json'));
const guide = read('docs/guides/prometheus.md');

/** The names of metrics in an expression of Prometheus: what stands before no bracket, outside of labels and quotes. */
const metricsIn = (expr: string) =>
  [...expr.replace(/"[^"]*"|\{[^}]*\}|\b(by|without) \([^)]*\)/g, '').matchAll(/\b[a-z]\w*_\w+\b(?! *\()/g)].map(
    ([name]) => name,
  );

test('each alert has a severity, an owner, a text, and a section of the guide', () => {
  const sections = [...guide.matchAll(/^## (Recado\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(rules.map(({ alert }) => alert));
  for (const { alert, labels, annotations } of rules) {
    expect(labels).toEqual({
      severity: expect.stringMatching(/^(critical|warning|none)$/),
      owner: expect.stringMatching(/^(operator|workspace)$/),
    });
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook']);
    expect(annotations.runbook).toBe(`docs/guides/prometheus.md#${alert.toLowerCase()}`);
  }
});

test('each alert has a test', () => {
  const tested: { name: string }[] = parse(read(`${folder}/recado.rules.test.yml`)).tests;
  expect(tested.map(({ name }) => name)).toEqual(expect.arrayContaining(rules.map(({ alert }) => alert)));
});

// tests/scenarios/watching.test.ts compares the list of the guide with what a running program serves.
test('each metric of the rules and of the dashboard is one that Recado serves', () => {
  const served = new Set([...read('docs/guides/metrics.md').matchAll(/^\| `(recado_\w+)`/gm)].map(([, name]) => name));
  const used = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  const names = new Set(used.flatMap(metricsIn).map(name => name.replace(/_(bucket|sum|count)$/, '')));
  names.delete('nodejs_eventloop_lag_p99_seconds');
  expect(names.size).toBeGreaterThan(20);
  expect([...names].filter(name => !served.has(name))).toEqual([]);
});

test('the dashboard has at most 16 panels', () => {
  expect(dashboard.panels.length).toBeLessThanOrEqual(16);
});

const tool = (program: string, ...words: string[]) =>
  spawnSync(program, words, { encoding: 'utf8', cwd: join(root, folder) });
const isHere = (program: string) => tool(program, '--version').status === 0;

test('promtool accepts the rules and plays their tests, where it is installed', () => {
  if (!isHere('promtool')) {
    // CI installs it.
    expect(process.env.CI).toBeUndefined();
    return;
  }
  for (const words of [
    ['check', 'rules', 'recado.rules.yml'],
    ['test', 'rules', 'recado.rules.test.yml'],
  ]) {
    const { status, stdout, stderr } = tool('promtool', ...words);
    expect([status, status === 0 ? '' : `${stdout}${stderr}`]).toEqual([0, '']);
  }
});

test('amtool accepts the example for Alertmanager, where it is installed', () => {
  const example = parse(read(`${folder}/alertmanager.yml`));
  expect(example.route.routes[0].matchers).toEqual(['alertname="RecadoWatchdog"']);
  if (isHere('amtool')) expect(tool('amtool', 'check-config', 'alertmanager.yml').status).toBe(0);
});
