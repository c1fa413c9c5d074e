// Reads what a program posted to a hook: the alerts of Alertmanager, Grafana and Uptime Kuma, or a plain text.
import { createHash } from 'node:crypto';
import type { HookFormat, HookState } from '@recado/contract';
import { z } from 'zod';
import { storableText } from '../../kit/text/storable.ts';

/** What a call says. */
export interface ReadCall {
  format: HookFormat;
  state: HookState;
  title: string;
  text: string;
  source: string;
  link: string | undefined;
  /** What it is about: the same for all calls about one thing. */
  subject: Buffer;
  /** The subject with its state: the same for a repeat. */
  fingerprint: Buffer;
}

/** Why a call is not understood, as a sentence. */
export interface NotUnderstood {
  why: string;
}

const most = { title: 200, text: 2_000, source: 100, link: 500 } as const;
/** A group of more alerts shows the first ones, and how many more. */
const mostLines = 20;

const text = z.string().catch('');
const texts = z.record(z.string(), z.string()).catch({});
const alertSchema = z.object({
  status: text,
  labels: texts,
  annotations: texts,
  fingerprint: text,
  panelURL: text,
  dashboardURL: text,
});
const groupSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(alertSchema).min(1).max(5_000),
  groupKey: text,
  externalURL: text,
  groupLabels: texts,
  truncatedAlerts: z.number().catch(0),
});
const kumaSchema = z.object({
  msg: z.string().min(1),
  heartbeat: z.object({ status: z.number(), msg: text }).nullish(),
  monitor: z.object({ id: z.union([z.string(), z.number()]).optional(), name: text }).nullish(),
});

/** Whether a body is one of this program, whatever else is in it. */
const looksLike = {
  group: (body: object) => 'alerts' in body && 'status' in body,
  kuma: (body: object) => 'msg' in body && 'monitor' in body,
};

const hashOf = (...parts: string[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();
const cut = (value: string, length: number): string => {
  const whole = storableText(value).trim();
  return whole.length <= length ? whole : `${whole.slice(0, length - 1).toWellFormed()}…`;
};

type Said = Omit<ReadCall, 'subject' | 'fingerprint'> & { about: string; standing: string };

/** A link is shown as it came, so only a plain one is kept: one with credentials is not. */
function linkOf(address: string): string | undefined {
  if (address.length > most.link || !URL.canParse(address)) return undefined;
  const { protocol, username, password } = new URL(address);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? address : undefined;
}

function finished({ about, standing, ...said }: Said): ReadCall {
  const subject = hashOf(said.format, about);
  return {
    ...said,
    title: cut(said.title, most.title) || said.source,
    text: cut(said.text, most.text),
    source: cut(said.source, most.source),
    subject,
    fingerprint: hashOf(subject.toString('hex'), said.state, standing),
  };
}

type Alert = z.output<typeof alertSchema>;

const nameOf = ({ labels }: Alert): string => {
  const where = labels.instance ?? labels.host ?? labels.job;
  return `${labels.alertname ?? 'Alert'}${where === undefined ? '' : ` on ${where}`}`;
};
const wordsOf = ({ annotations, labels }: Alert): string =>
  [
    annotations.summary ?? annotations.description ?? annotations.message,
    labels.severity && `severity ${labels.severity}`,
  ]
    .filter(Boolean)
    .join(' · ');
const isOver = ({ status }: Alert): boolean => status === 'resolved';

/** A group of alerts, as Alertmanager and Grafana post them. */
function readGroup(body: object, format: 'alertmanager' | 'grafana'): ReadCall | undefined {
  const parsed = groupSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { status, alerts, groupKey, groupLabels, externalURL, truncatedAlerts } = parsed.data;
  const [first] = alerts;
  const lines = alerts.slice(0, mostLines).map(alert => {
    const words = wordsOf(alert);
    return `${isOver(alert) && status === 'firing' ? 'Over: ' : ''}${nameOf(alert)}${words && `: ${words}`}`;
  });
  const left = alerts.length - lines.length + truncatedAlerts;
  const count = alerts.length + truncatedAlerts;
  const keys = alerts.map(alert => `${alert.fingerprint || JSON.stringify(alert.labels)} ${alert.status}`).sort();
  const one = count === 1 && first;
  return finished({
    format,
    state: status,
    title: one ? nameOf(one) : `${count} alerts${namesIn(groupLabels)}`,
    text: one ? wordsOf(one) : [...lines, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n'),
    source: format === 'grafana' ? 'Grafana' : 'Alertmanager',
    link: linkOf((one && (one.panelURL || one.dashboardURL)) || externalURL),
    about: groupKey || JSON.stringify(groupLabels),
    standing: keys.join('\n'),
  });
}

const namesIn = (labels: Record<string, string>): string => {
  const names = Object.values(labels).filter(Boolean);
  return names.length > 0 ? `: ${names.join(', ')}` : '';
};

/** 0 down, 1 up, 2 pending, 3 maintenance. */
const kumaStates: Readonly<Record<number, HookState>> = { 0: 'firing', 1: 'resolved' };

function readKuma(body: object): ReadCall | undefined {
  const parsed = kumaSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { msg, heartbeat, monitor } = parsed.data;
  return finished({
    format: 'uptime_kuma',
    state: (heartbeat && kumaStates[heartbeat.status]) ?? 'note',
    title: monitor?.name || msg,
    text: monitor ? heartbeat?.msg || msg : '',
    source: 'Uptime Kuma',
    link: undefined,
    about: monitor ? `${monitor.id ?? monitor.name}` : msg,
    standing: heartbeat ? '' : msg,
  });
}

/** The first line is the title. */
function readText(words: string, source: string): ReadCall | NotUnderstood {
  const [title = '', ...lines] = words.trim().split(/\r?\n/);
  if (title === '')
    return { why: 'The body is empty. Post a text, or the JSON of Alertmanager, Grafana or Uptime Kuma.' };
  const rest = { link: undefined, about: words, standing: '' };
  // A long line goes on in the text.
  const over = title.length > most.title ? [`…${title.slice(most.title - 1)}`] : [];
  const text = [...over, ...lines].join('\n');
  return finished({ format: 'text', state: 'note', title, text, source, ...rest });
}

function parsedJson(raw: string): object | undefined {
  try {
    const body: unknown = JSON.parse(raw);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

export interface Posted {
  contentType: string | undefined;
  body: Buffer;
}

/**
 * Reads a call. `expected`: the format of the hook, where somebody set one. `source`: what a plain text has as its
 * source.
 */
export function readCall(
  { contentType = '', body }: Posted,
  expected: HookFormat | null,
  source: string,
): ReadCall | NotUnderstood {
  const raw = body.toString('utf8');
  if (expected === 'text') return readText(raw, source);
  const isJson = /\bjson\b/i.test(contentType) || expected !== null;
  const json = isJson || /^\s*\{/.test(raw) ? parsedJson(raw) : undefined;
  if (json) return readJson(json, expected) ?? notUnderstood(expected);
  if (isJson) return { why: 'The body is not a JSON object.' };
  return readText(raw, source);
}

function readJson(body: object, expected: HookFormat | null): ReadCall | undefined {
  if (expected === 'uptime_kuma' || (expected === null && looksLike.kuma(body))) return readKuma(body);
  if (expected === 'grafana' || expected === 'alertmanager') return readGroup(body, expected);
  return looksLike.group(body) ? readGroup(body, 'orgId' in body ? 'grafana' : 'alertmanager') : undefined;
}

const programs: Readonly<Record<Exclude<HookFormat, 'text'>, string>> = {
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
  uptime_kuma: 'Uptime Kuma',
};

const notUnderstood = (expected: HookFormat | null): NotUnderstood => ({
  why:
    expected === null || expected === 'text'
      ? 'The body is JSON, but not of Alertmanager, Grafana or Uptime Kuma. Post a text instead, as text/plain.'
      : `The body is not an alert of ${programs[expected]}. Change the format of the hook, or leave it to Recado.`,
});
