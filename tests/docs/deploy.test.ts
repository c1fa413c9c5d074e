// The files in deploy/: what a container or a unit may do, and that systemd accepts the units.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const deploy = join(import.meta.dirname, '../../deploy');
const read = (name: string) => readFileSync(join(deploy, name), 'utf8');

/** The settings of a unit's section; one that is given twice has both values. */
function settingsOf(unit: string, section: string): Map<string, string[]> {
  const text = read(unit).split(/^\[(\w+)\]$/m);
  const lines = (text[text.indexOf(section) + 1] ?? '').split('\n').filter(line => /^\w+=/.test(line));
  const settings = new Map<string, string[]>();
  for (const line of lines) {
    const [name = '', ...value] = line.split('=');
    settings.set(name, [...(settings.get(name) ?? []), value.join('=')]);
  }
  return settings;
}

const units = ['recado.service', 'recado-backup.service'];
const hardened = {
  UMask: '0077',
  NoNewPrivileges: 'true',
  CapabilityBoundingSet: '',
  AmbientCapabilities: '',
  SystemCallFilter: '@system-service',
  SystemCallArchitectures: 'native',
  PrivateDevices: 'true',
  PrivateTmp: 'true',
  ProtectSystem: 'strict',
  ProtectHome: 'true',
  ProtectClock: 'true',
  ProtectHostname: 'true',
  ProtectKernelLogs: 'true',
  ProtectKernelModules: 'true',
  ProtectKernelTunables: 'true',
  ProtectControlGroups: 'true',
  RestrictNamespaces: 'true',
  RestrictRealtime: 'true',
  RestrictSUIDSGID: 'true',
  LockPersonality: 'true',
};

test.each(units)('%s may do what it needs and no more', unit => {
  const settings = settingsOf(unit, 'Service');
  for (const [name, value] of Object.entries(hardened)) expect([name, settings.get(name)]).toEqual([name, [value]]);
  expect(settings.get('User')).toEqual(['recado']);
  expect(settings.get('MemoryMax')?.[0]).toMatch(/^\d+[MG]$/);
  expect(settings.get('TasksMax')?.[0]).toMatch(/^\d+$/);
  expect(settings.get('RestrictAddressFamilies')?.[0]?.split(' ').sort()).toEqual([
    'AF_INET',
    'AF_INET6',
    'AF_NETLINK',
    'AF_UNIX',
  ]);
});

test('the nightly backup removes what a killed one left behind', () => {
  const after = settingsOf('recado-backup.service', 'Service').get('ExecStartPost') ?? [];
  expect(after.filter(line => line.includes('.recado-*.backup.gz.*.part') && line.endsWith(' -delete'))).toHaveLength(
    1,
  );
});

const analyze = (...words: string[]) => spawnSync('systemd-analyze', words, { encoding: 'utf8' });
const isHere = analyze('--version').status === 0;

test('systemd accepts the units, where it is installed', () => {
  // Elsewhere the test above has read the same settings.
  if (!isHere) return;
  const folder = mkdtempSync(join(tmpdir(), 'recado-units-'));
  try {
    // The paths of a service exist on its own machine.
    for (const unit of [...units, 'recado-backup.timer'])
      writeFileSync(
        join(folder, unit),
        read(unit)
          .replace(/^(Exec\w+=)\S+.*$/gm, '$1/bin/true')
          .replace(/^User=.*\n/m, ''),
      );
    const verified = analyze('verify', '--man=no', ...units.map(unit => join(folder, unit)));
    expect(`${verified.stdout}${verified.stderr}`).not.toMatch(
      /recado[\w.-]*:\d*:?.*(unknown|invalid|ignoring|failed)/i,
    );
    expect(verified.status).toBe(0);
    for (const unit of units) {
      const rated = analyze('security', '--offline=true', '--no-pager', '--threshold=30', join(folder, unit));
      expect([unit, rated.status, rated.stdout.split('\n').at(-2)]).toEqual([unit, 0, expect.any(String)]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

interface Service {
  cap_drop: string[];
  cap_add?: string[];
  security_opt: string[];
  mem_limit: string;
  pids_limit: number;
  privileged?: boolean;
  environment?: Record<string, string>;
  ports?: string[];
}
const services: Record<string, Service> = parse(read('compose.yaml'), { merge: true }).services;

test('the guide names each argument of the image', () => {
  const guide = readFileSync(join(deploy, '../docs/guides/install.md'), 'utf8');
  const names = [...read('Dockerfile').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
  const named = [...guide.matchAll(/--build-arg (\w+)=/g)].map(([, name]) => name);
  expect([...new Set(names)].sort()).toEqual([...new Set(named)].sort());
});

test('no container has a capability that it does not need, or a way to more', () => {
  expect(Object.keys(services)).toEqual(['recado', 'postgres', 'valkey']);
  for (const [name, service] of Object.entries(services)) {
    expect([name, service.cap_drop, service.security_opt]).toEqual([name, ['ALL'], ['no-new-privileges:true']]);
    expect([name, service.privileged]).toEqual([name, undefined]);
    expect([name, service.mem_limit]).toEqual([name, expect.stringMatching(/^\$\{\w+:-\d+[mg]\}$/)]);
    expect([name, service.pids_limit]).toEqual([name, expect.any(Number)]);
    for (const port of service.ports ?? [])
      expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)]);
  }
  // PostgreSQL's image starts as root, owns its volume and becomes another user.
  expect(Object.entries(services).filter(([, { cap_add }]) => cap_add !== undefined)).toEqual([
    ['postgres', expect.objectContaining({ cap_add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'] })],
  ]);
});

test('with a database of its own, Compose runs no simulator unless it is told to', () => {
  expect(services.recado?.environment).toMatchObject({
    DATABASE_URL: expect.any(String),
    // Unset is off with DATABASE_URL; "off" would contradict a SIMULATOR_URL in .env.
    SIMULATOR: expect.stringMatching(/:-\}$/),
  });
});

test('Docker accepts the Compose file, where it is installed', () => {
  const call = (...words: string[]) =>
    spawnSync('docker', words, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', POSTGRES_PASSWORD: 'x', SECRET_KEY: 'x' },
    });
  // Elsewhere the tests above have read the same settings.
  if (call('compose', 'version').status !== 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'recado-compose-'));
  try {
    writeFileSync(join(folder, 'compose.yaml'), read('compose.yaml'));
    writeFileSync(join(folder, '.env'), '');
    const checked = call('compose', '-f', join(folder, 'compose.yaml'), 'config', '--quiet');
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the pods of Kubernetes may do no more than they need, and their settings are known', () => {
  const known = new Set(
    [...readFileSync(join(deploy, '../.env.example'), 'utf8').matchAll(/^#?([A-Z0-9_]+)=/gm)].map(([, name]) => name),
  );
  const objects = read('kubernetes.yaml')
    .split(/^---$/m)
    .map(text => parse(text));
  for (const name of Object.keys(objects.find(({ kind }) => kind === 'ConfigMap').data)) expect(known).toContain(name);
  const pods = objects.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec);
  expect(pods).toHaveLength(2);
  for (const { selector, template } of pods) {
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    const [container] = template.spec.containers;
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'metrics' });
    for (const { name } of container.env) expect(known).toContain(name);
  }
});
