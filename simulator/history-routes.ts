// The Graph API endpoint for a number's sent messages: ids and events, page by page, newest first.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { GraphError } from './graph-errors.ts';
import { graphPrefixes, numberPattern, requireToken } from './http.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import type { HistoryFaultName, Settings } from './options.ts';
import type { Phones } from './phones.ts';
import { outcomeNamed } from './reserved-recipients.ts';
import { receiptPlan } from './traffic.ts';
import type { WebhookStore } from './webhook-store.ts';

type HistoryNeeds = {
  settings: Settings;
  clock: Clock;
  ledger: Ledger;
  phones: Phones;
  store: WebhookStore;
  callbackUrl(): string | null;
  fault(call: { phoneNumberId: string }): HistoryFaultName | null;
};

type Request = FastifyRequest<{ Params: { phoneNumberId: string } }>;
type Line = { line: number; entry: LedgerEntry };

const queryRules = z.object({
  fields: z.string().default('id,message_id'),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  message_id: z.string().optional(),
  after: z.string().optional(),
  before: z.string().optional(),
});
type Query = z.infer<typeof queryRules>;

const readQuery = (given: unknown): Query => {
  const read = queryRules.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new GraphError(100, `${issue?.path.join('.')}: ${issue?.message}.`);
};

const eventFields = ['delivery_status', 'timestamp', 'webhook_update_state', 'application', 'webhook_uri'];
const applicationId = '555000000000002';

/** Adds the endpoint, with and without a version in the path. */
export const addHistoryRoutes = (app: FastifyInstance, needs: HistoryNeeds): void => {
  const list = async (request: Request, reply: FastifyReply) => {
    requireToken(request, needs.settings.accessToken);
    const { phoneNumberId } = request.params;
    switch (needs.fault({ phoneNumberId })) {
      case 'forbidden':
        throw new GraphError(200, 'The app may not read the history of this number.', { http: 403, subcode: 1349174 });
      case 'rate-limited':
        throw new GraphError(4, 'Application request limit reached.', { http: 429 });
      case 'server-error':
        throw new GraphError(2, 'An unexpected error occurred.', { http: 500 });
      case 'garbage':
        return reply.type('text/html').send('<!doctype html><title>Sorry</title><p>Sorry.');
      case 'empty':
        return { data: [] };
      case null:
        return pageOf(needs, request, readQuery(request.query));
    }
  };
  for (const prefix of graphPrefixes) app.get(`${prefix}/${numberPattern}/message_history`, list);
};

const pageOf = (needs: HistoryNeeds, request: Request, query: Query) => {
  const fields = readFields(query.fields);
  const { phoneNumberId } = request.params;
  const sent = needs.ledger
    .entries()
    .map((entry, index) => ({ line: index + 1, entry }))
    .filter(({ entry }) => entry.phone_number_id === phoneNumberId)
    .reverse();
  const wanted = query.message_id === undefined ? sent : sent.filter(({ entry }) => entry.wamid === query.message_id);
  if (query.message_id !== undefined && wanted.length === 0)
    throw new GraphError(100, 'message_id: was not found in the message history.', { http: 422 });
  const [from, to] = stretchOf(wanted, query);
  const page = wanted.slice(from, to);
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return { data: [] };
  const present = presenter(needs, fields);
  const link = (key: 'after' | 'before', cursor: string) => {
    const same = new URLSearchParams({ fields: query.fields, limit: String(query.limit), [key]: cursor });
    return `${request.protocol}://${request.host}${request.url.split('?')[0]}?${same}`;
  };
  return {
    data: page.map(present),
    paging: {
      cursors: { before: cursorOf(first), after: cursorOf(last) },
      ...(to < wanted.length && { next: link('after', cursorOf(last)) }),
      ...(from > 0 && { previous: link('before', cursorOf(first)) }),
    },
  };
};

const cursorOf = ({ line }: Line): string => Buffer.from(`line:${line}`).toString('base64');

const lineOf = (cursor: string, name: string): number => {
  const line = /^line:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1];
  if (line === undefined) throw new GraphError(100, `${name}: is not a cursor of this list.`);
  return Number(line);
};

/** Cursors stay valid while new messages are added in front. */
const stretchOf = (sent: Line[], { after, before, limit }: Query): [number, number] => {
  const firstPast = (isPast: (line: number) => boolean) => {
    const index = sent.findIndex(({ line }) => isPast(line));
    return index === -1 ? sent.length : index;
  };
  if (before !== undefined) {
    const to = firstPast(line => line <= lineOf(before, 'before'));
    return [Math.max(0, to - limit), to];
  }
  const from = after === undefined ? 0 : firstPast(line => line < lineOf(after, 'after'));
  return [from, Math.min(sent.length, from + limit)];
};

/** The requested fields; for events their requested fields, or null without events. */
const readFields = (written: string): { names: Set<string>; events: string[] | null } => {
  const names = new Set<string>();
  let events: string[] | null = null;
  for (const [, name = '', inner] of written.matchAll(/([^,{}]+)(?:\{([^{}]*)\})?,?/g)) {
    if (!['id', 'message_id', 'events'].includes(name))
      throw new GraphError(100, `fields: ${name} is not one of them.`);
    names.add(name);
    if (name !== 'events') continue;
    events = inner === undefined ? ['delivery_status', 'timestamp'] : inner.split(',');
    const strange = events.find(each => each !== 'id' && each !== 'error_description' && !eventFields.includes(each));
    if (strange !== undefined) throw new GraphError(100, `fields: events{${strange}} is not one of them.`);
  }
  return { names, events };
};

const presenter = (needs: HistoryNeeds, { names, events }: ReturnType<typeof readFields>) => {
  const open = new Set(needs.store.open().map(item => (item.kind === 'status' ? `${item.wamid} ${item.status}` : '')));
  return ({ line, entry }: Line) => {
    const id = `88${String(line).padStart(14, '0')}`;
    return {
      id,
      ...(names.has('message_id') && { message_id: entry.wamid }),
      ...(events !== null && {
        events: {
          data: happened(needs, entry).map(({ status, at }, index) => {
            const all: Record<string, unknown> = {
              delivery_status: status.toUpperCase(),
              timestamp: Math.floor(at / 1000),
              webhook_update_state: stateOf(entry, open.has(`${entry.wamid} ${status}`)),
              application: { id: applicationId },
              ...(needs.callbackUrl() !== null && { webhook_uri: needs.callbackUrl() }),
            };
            const shown = events.filter(name => name in all).map(name => [name, all[name]]);
            return { id: `${id}${index}`, ...Object.fromEntries(shown) };
          }),
        },
      }),
    };
  };
};

const stateOf = (entry: LedgerEntry, isOpen: boolean) => {
  if (outcomeNamed(entry.outcome).receipts.length === 0) return 'FAILED';
  return isOpen ? 'PENDING' : 'DELIVERED';
};

/** What has happened to a message by now, whether or not a receipt reports it. */
const happened = ({ clock, settings, phones }: HistoryNeeds, entry: LedgerEntry): { status: string; at: number }[] => {
  const planned = receiptPlan(settings.delays)(entry, () => 0).flatMap(item =>
    item.kind === 'status' && item.due <= clock.now() ? [item] : [],
  );
  const at = Date.parse(entry.at);
  if (outcomeNamed(entry.outcome).receipts.length === 0) return ['sent', 'delivered'].map(status => ({ status, at }));
  const isRead = phones.find(entry.wamid)?.message.status === 'read';
  return planned.filter(item => !item.byPerson || isRead).map(({ status, due }) => ({ status, at: due }));
};
