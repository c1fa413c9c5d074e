// What other programs post, as they document it, and what hooks make of it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { letterOf } from './letter.ts';
import { type ReadCall, readCall } from './read-call.ts';

const alertmanager = (status: string, alerts: object[], more: object = {}) => ({
  ...{ receiver: 'recado', status, alerts, groupLabels: { alertname: 'DiskFull' }, commonLabels: {} },
  ...{ commonAnnotations: {}, externalURL: 'http://alertmanager.example:9093', version: '4' },
  ...{ groupKey: '{}:{alertname="DiskFull"}', truncatedAlerts: 0, ...more },
});
const disk = (instance: string, status = 'firing') => ({
  status,
  labels: { alertname: 'DiskFull', instance, severity: 'critical' },
  annotations: { summary: '4% left' },
  ...{
    startsAt: '2026-11-24T14:29:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example/graph',
  },
  fingerprint: `f-${instance}`,
});
const kuma = (status: number, msg: string) => ({
  heartbeat: { monitorID: 1, status, time: '2026-11-24 14:29:00', msg, important: true, duration: 60 },
  monitor: { id: 1, name: 'Shop', url: 'https://user:secret@shop.example' },
  msg: `[Shop] ${msg}`,
});

const read = (body: unknown, contentType = 'application/json') =>
  readCall({ contentType, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }, null, 'Backup');
const understood = (body: unknown, contentType?: string): ReadCall => {
  const call = read(body, contentType);
  if ('why' in call) throw new Error(call.why);
  return call;
};

describe('what came', () => {
  test('one alert of Alertmanager', () => {
    expect(understood(alertmanager('firing', [disk('db-1')]))).toMatchObject({
      ...{ format: 'alertmanager', state: 'firing', title: 'DiskFull on db-1', text: '4% left · severity critical' },
      ...{ source: 'Alertmanager', link: 'http://alertmanager.example:9093' },
    });
  });

  test('a group of Alertmanager tells each, and how many it left out', () => {
    const group = alertmanager('firing', [disk('db-1'), disk('db-2', 'resolved')], { truncatedAlerts: 3 });
    expect(understood(group)).toMatchObject({
      title: '5 alerts: DiskFull',
      text: 'DiskFull on db-1: 4% left · severity critical\nOver: DiskFull on db-2: 4% left · severity critical\n… and 3 more',
    });
  });

  test('an alert of Grafana leads to its panel', () => {
    const alert = { ...disk('db-1', 'resolved'), panelURL: 'https://grafana.example/d/1?viewPanel=2' };
    const body = { ...alertmanager('resolved', [alert]), orgId: 1, title: '[RESOLVED] DiskFull', state: 'ok' };
    expect(understood(body)).toMatchObject({
      format: 'grafana',
      state: 'resolved',
      source: 'Grafana',
      link: alert.panelURL,
    });
  });

  test('Uptime Kuma: down, up, and its test, without the address of what it watches', () => {
    expect(understood(kuma(0, 'timeout'))).toMatchObject({ state: 'firing', title: 'Shop', text: 'timeout' });
    expect(understood(kuma(1, '200 - OK'))).toMatchObject({ state: 'resolved', source: 'Uptime Kuma' });
    expect(understood({ heartbeat: null, monitor: null, msg: 'Testing' })).toMatchObject({
      state: 'note',
      title: 'Testing',
    });
    expect(JSON.stringify(understood(kuma(0, 'timeout')))).not.toContain('secret');
  });

  test('a text: its first line is the title', () => {
    expect(understood('Backup failed\ndisk 3 is gone\n', 'text/plain')).toMatchObject({
      ...{ format: 'text', state: 'note', title: 'Backup failed', text: 'disk 3 is gone', source: 'Backup' },
    });
  });

  test('what is not understood says why', () => {
    for (const [body, type] of [
      ['', 'text/plain'],
      ['{"a":1}', 'application/json'],
      ['[1]', 'application/json'],
      ['{"a":', 'application/json'],
      [JSON.stringify(alertmanager('firing', [])), 'application/json'],
    ] as const)
      expect(read(body, type)).toEqual({ why: expect.stringMatching(/^The body .*\.$/) });
  });

  test('any bytes of any type are a call or a reason, and within the bounds', () => {
    const body = fc.oneof(
      fc.uint8Array(),
      fc.json().map(text => Buffer.from(text)),
    );
    fc.assert(
      fc.property(body, fc.constantFrom('application/json', 'text/plain', ''), (bytes, contentType) => {
        const call = readCall({ contentType, body: Buffer.from(bytes) }, null, 'Backup');
        if ('why' in call) return;
        expect(call.title.length).toBeGreaterThan(0);
        expect(call.title.length).toBeLessThanOrEqual(200);
        expect(call.text.length).toBeLessThanOrEqual(2_000);
      }),
    );
  });
});

describe('which calls are the same', () => {
  const same = (one: ReadCall, other: ReadCall) => one.fingerprint.equals(other.fingerprint);
  const about = (one: ReadCall, other: ReadCall) => one.subject.equals(other.subject);

  test('a repeat of a group, in any order of its alerts', () => {
    const first = understood(alertmanager('firing', [disk('db-1'), disk('db-2')]));
    expect(same(first, understood(alertmanager('firing', [disk('db-2'), disk('db-1')])))).toBe(true);
  });

  test('another alert in the group, or its end, is news about the same', () => {
    const first = understood(alertmanager('firing', [disk('db-1')]));
    for (const body of [
      alertmanager('firing', [disk('db-1'), disk('db-2')]),
      alertmanager('resolved', [disk('db-1', 'resolved')]),
    ]) {
      expect(about(first, understood(body))).toBe(true);
      expect(same(first, understood(body))).toBe(false);
    }
  });

  test('another group is about something else', () => {
    const first = understood(alertmanager('firing', [disk('db-1')]));
    expect(about(first, understood(alertmanager('firing', [disk('db-1')], { groupKey: 'b' })))).toBe(false);
  });
});

describe('the letter', () => {
  const row = (call: ReadCall) => ({
    ...{
      id: '',
      seq: 0,
      hook_id: '',
      at: new Date(0),
      outcome: 'waiting' as const,
      error: null,
      group_id: null,
      attempts: 1,
    },
    ...{ told: [], messages: [], ...call, link: call.link ?? null, body: call.text },
  });

  test('of one call', () => {
    expect(letterOf([row(understood(kuma(0, 'timeout')))])).toEqual({
      text: '*Uptime Kuma: Shop*\ntimeout',
      variables: {
        ...{ state: 'Firing', title: 'Shop', text: 'timeout', source: 'Uptime Kuma' },
        message: 'Uptime Kuma: Shop. timeout',
      },
    });
  });

  test('of many calls: the first ones, and how many more', () => {
    const many = Array.from({ length: 25 }, (_, n) => row(understood(`Job ${n}`, 'text/plain')));
    const { text, variables } = letterOf(many);
    expect(text).toMatch(/^\*25 alerts\*\nNote: Backup: Job 0\n(.*\n)+… and 5 more$/);
    expect(variables).toMatchObject({ title: '25 alerts', source: 'Backup' });
  });

  test('no variable has a line break or is empty', () => {
    fc.assert(
      fc.property(fc.string(), words => {
        const call = read(words, 'text/plain');
        if ('why' in call) return;
        for (const value of Object.values(letterOf([row(call)]).variables)) expect(value).toMatch(/^[^\n\r\t]{1,700}$/);
      }),
    );
  });
});
