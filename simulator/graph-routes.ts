// The Graph API's edges: sending a message, marking one as read, looking at a business number.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Call, CallLog } from './calls.ts';
import type { Clock } from './clock.ts';
import { GraphError, graphErrorBody } from './graph-errors.ts';
import { asGraphError, jsonBody, rawBody, requireToken } from './http.ts';
import { newMessageId, sha256Hex } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { type Outgoing, readMarkRead, readOutgoing } from './message-rules.ts';
import type { Fault, Settings } from './options.ts';
import type { Phones } from './phones.ts';
import { type OutcomeName, outcomeFor, outcomes } from './reserved-recipients.ts';
import type { Traffic } from './traffic.ts';

export type GraphNeeds = {
  settings: Settings;
  clock: Clock;
  ledger: Ledger;
  phones: Phones;
  traffic: Traffic;
  calls: CallLog;
  fault(): Fault | null;
  /** Whether there is anybody to post receipts to. */
  hasCallback(): boolean;
  /** Resolves when all receipts of the message are acknowledged. */
  receiptsSettled(wamid: string): Promise<void>;
};

type NumberParams = { phoneNumberId: string };

const version = ':version(^v\\d{1,3}\\.\\d$)';
const number = ':phoneNumberId(^\\d{1,40}$)';

/** Adds the Graph API's edges, with and without a version in the path. */
export const addGraphRoutes = (app: FastifyInstance, needs: GraphNeeds): void => {
  const send = createSend(needs);
  for (const prefix of ['', `/${version}`]) {
    app.post<{ Params: NumberParams }>(`${prefix}/${number}/messages`, send);
    app.get<{ Params: NumberParams; Querystring: { fields?: unknown } }>(`${prefix}/${number}`, request => {
      requireToken(request, needs.settings.accessToken);
      return describeNumber(needs.phones, request.params.phoneNumberId, request.query.fields);
    });
  }
};

const describeNumber = (phones: Phones, id: string, fields: unknown) => {
  phones.touchBusiness(id);
  const all: Record<string, unknown> = {
    display_phone_number: `+${phones.displayNumber(id)}`,
    verified_name: 'Simulated business',
    quality_rating: 'GREEN',
  };
  const wanted = typeof fields === 'string' && fields !== '' ? fields.split(',') : Object.keys(all);
  return { ...Object.fromEntries(wanted.filter(name => name in all).map(name => [name, all[name]])), id };
};

const createSend = (needs: GraphNeeds) => {
  const { settings, clock, phones } = needs;
  const refuse = createRefusals(needs);
  return async (request: FastifyRequest<{ Params: NumberParams }>, reply: FastifyReply) => {
    const { phoneNumberId } = request.params;
    const call: Call = {
      at: new Date(clock.now()).toISOString(),
      phoneNumberId,
      to: null,
      type: null,
      token: null,
      outcome: 'refused',
      http: null,
      code: null,
      wamid: null,
    };
    try {
      requireToken(request, settings.accessToken);
      const body = jsonBody(request);
      phones.touchBusiness(phoneNumberId);
      const readId = readMarkRead(body);
      if (readId !== undefined) {
        markRead(phones, phoneNumberId, readId);
        Object.assign(call, { outcome: 'marked-read', http: 200 });
        return { success: true };
      }
      const outgoing = readOutgoing(body);
      Object.assign(call, { to: outgoing.waId, type: outgoing.type, token: outgoing.token });
      const name = refuse(phoneNumberId, outgoing, body);
      call.outcome = name;
      if (outcomes[name].dropped) return cut(reply);
      call.wamid = await accept(needs, phoneNumberId, outgoing, name, rawBody(request));
      return await answer(needs, reply, call, outgoing);
    } catch (error) {
      const graph = asGraphError(error as Error);
      // An accepted call stays accepted in the log, whatever went wrong on the way out.
      Object.assign(call, { http: graph.http, code: graph.code, ...(graph === error ? {} : { outcome: 'failed' }) });
      throw graph;
    } finally {
      needs.calls.record(call);
    }
  };
};

/** Decides the outcome of a valid call, and throws where that is a refusal. */
const createRefusals = ({ settings, clock, phones, fault }: GraphNeeds) => {
  const callsTo = new Map<string, number>();
  const perSecond = new Map<string, { second: number; count: number }>();

  const limit = (phoneNumberId: string) => {
    const second = Math.floor(clock.now() / 1000);
    const last = perSecond.get(phoneNumberId);
    const count = last?.second === second ? last.count + 1 : 1;
    perSecond.set(phoneNumberId, { second, count });
    if (settings.throughput !== null && count > settings.throughput) {
      throw new GraphError(130429, 'The number sends more messages a second than it may.');
    }
  };

  return (phoneNumberId: string, outgoing: Outgoing, body: unknown): OutcomeName => {
    const { waId: to, type, token } = outgoing;
    if (to === phones.displayNumber(phoneNumberId)) throw new GraphError(131021, 'to: is the sender itself.');
    const forced = fault()?.({ phoneNumberId, to, type, token, body }) ?? null;
    const name = forced ?? outcomeFor(to);
    const { refuse } = outcomes[name];
    if (refuse !== undefined) {
      const key = `${phoneNumberId}/${to}`;
      const count = (callsTo.get(key) ?? 0) + 1;
      callsTo.set(key, count);
      if (forced !== null || refuse.first === undefined || count <= refuse.first) {
        throw new GraphError(refuse.code, `Forced by the simulator (${name}).`);
      }
    }
    limit(phoneNumberId);
    return name;
  };
};

const accept = async (needs: GraphNeeds, id: string, outgoing: Outgoing, outcome: OutcomeName, raw: Buffer) => {
  const entry = {
    at: new Date(needs.clock.now()).toISOString(),
    wamid: newMessageId(),
    phone_number_id: id,
    to: outgoing.waId,
    type: outgoing.type,
    body_sha256: sha256Hex(raw),
    token: outgoing.token,
    outcome,
  };
  await needs.ledger.append(entry);
  needs.traffic.accept(entry, outgoing);
  return entry.wamid;
};

const answer = async (needs: GraphNeeds, reply: FastifyReply, call: Call, outgoing: Outgoing) => {
  const { answer: manner } = outcomes[call.outcome as OutcomeName];
  const wamid = call.wamid ?? '';
  if (manner === 'lost') return cut(reply);
  // Left open on purpose: the caller gives up, or the simulator closes.
  if (manner === 'never') return reply.hijack();
  if (manner === 'slow') await new Promise<void>(done => needs.clock.after(needs.settings.delays.slow, done));
  if (manner === 'after-receipts' && needs.hasCallback()) await needs.receiptsSettled(wamid);
  if (manner === 'server-error') {
    Object.assign(call, { http: 500, code: 131000 });
    return reply.code(500).send(graphErrorBody(new GraphError(131000, 'Forced by the simulator, after accepting.')));
  }
  call.http = 200;
  if (manner === 'garbage') return reply.type('text/html').send('<!doctype html><title>Sorry</title><p>Sorry.');
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input: outgoing.to, wa_id: outgoing.waId }],
    messages: [{ id: wamid, ...(outgoing.type === 'template' ? { message_status: 'accepted' } : {}) }],
  };
};

const cut = (reply: FastifyReply) => {
  reply.hijack();
  reply.raw.socket?.destroy();
  return reply;
};

const markRead = (phones: Phones, phoneNumberId: string, messageId: string) => {
  const place = phones.find(messageId);
  if (place === undefined || place.business !== phoneNumberId || place.message.direction !== 'written') {
    throw new GraphError(100, 'message_id: no message with this id was received by this number.');
  }
  const thread = phones.person(place.person)?.threads.get(phoneNumberId) ?? [];
  const upTo = thread.findIndex(message => message.id === messageId);
  for (const message of thread.slice(0, upTo + 1)) {
    if (message.direction === 'written') phones.mark(message.id, 'read');
  }
};
