// Graph API endpoints: send a message, mark one as read, read a phone number.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Billing } from '../business/billing.ts';
import type { Flows } from '../business/flows.ts';
import { type OutcomeName, outcomeFor, outcomeNamed } from '../control/reserved-recipients.ts';
import { type MessageRule, playedOutcome } from '../control/script-rules.ts';
import {
  asGraphError,
  cut,
  graphPrefixes,
  jsonBody,
  notFound,
  numberPattern,
  rawBody,
  requireToken,
} from '../kit/http.ts';
import { type Ids, sha256Hex } from '../kit/ids.ts';
import type { LinkFetcher } from '../media/link-fetch.ts';
import { sendProblem } from '../media/media-kinds.ts';
import { describeMedia, type MediaNeeds } from '../media/media-routes.ts';
import { isMediaId, type MediaStore } from '../media/media-store.ts';
import type { FaultCall } from '../options.ts';
import type { Phones } from '../phones/phones.ts';
import type { Traffic } from '../phones/traffic.ts';
import { describeTemplate } from '../templates/template-routes.ts';
import { checkTemplateSend, templateNamed } from '../templates/template-sends.ts';
import type { Template, Templates } from '../templates/template-store.ts';
import type { Call, CallLog } from './calls.ts';
import { chosenFields } from './fields.ts';
import { GraphError, graphErrorBody } from './graph-errors.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import type { Limits } from './limits.ts';
import { allMediaOf, type MediaReference, type Outgoing, readMarkRead, readOutgoing } from './message-rules.ts';
import { createServiceWindow, isWindowOpen } from './service-window.ts';

export type GraphNeeds = MediaNeeds & {
  ledger: Ledger;
  billing: Billing;
  links: LinkFetcher;
  traffic: Traffic;
  calls: CallLog;
  ids: Ids;
  limits: Limits;
  /** The scripted rule of this call, which uses it up. */
  script(call: FaultCall): Partial<MessageRule> | null;
  /** Waits as long as the rule says. */
  pause(rule: Partial<MessageRule>): Promise<void>;
  templates: Templates;
  flows: Flows;
  editTemplate(template: Template, body: unknown): { success: boolean };
  /** Whether there is a callback for receipts. */
  hasCallback(phoneNumberId: string): boolean;
  /** What is known of a number beside its limits. */
  detailsOf(phoneNumberId: string): Record<string, unknown>;
  /** The fields of a business account; undefined if there is no such account. */
  describeAccount(id: string, fields: unknown): Record<string, unknown> | undefined;
  /** Resolves when all receipts of the message are acknowledged. */
  receiptsSettled(wamid: string): Promise<void>;
};

/** How long a phone shows typing without a message. */
const typingLastsMs = 25_000;

type NumberParams = { phoneNumberId: string };

/** Adds the Graph API endpoints, with and without a version in the path. */
export const addGraphRoutes = (app: FastifyInstance, needs: GraphNeeds): void => {
  const send = createSend(needs);
  for (const prefix of graphPrefixes) {
    app.post<{ Params: NumberParams }>(`${prefix}/${numberPattern}/messages`, send);
    app.post<{ Params: NumberParams }>(`${prefix}/${numberPattern}/marketing_messages`, send);
    app.post<{ Params: NumberParams }>(`${prefix}/${numberPattern}`, request => {
      requireToken(request, needs.settings.accessToken);
      const template = needs.templates.byId(request.params.phoneNumberId);
      if (template === undefined) throw notFound(request.params.phoneNumberId, { http: 400 });
      return needs.editTemplate(template, jsonBody(request));
    });
    app.get<{ Params: NumberParams; Querystring: { fields?: unknown; phone_number_id?: unknown } }>(
      `${prefix}/${numberPattern}`,
      async request => {
        requireToken(request, needs.settings.accessToken);
        const id = request.params.phoneNumberId;
        const template = needs.templates.byId(id);
        if (template !== undefined) return describeTemplate(template, request.query.fields);
        if (isMediaId(id)) return describeMedia(needs, request);
        return needs.describeAccount(id, request.query.fields) ?? describeNumber(needs, id, request.query.fields);
      },
    );
  }
};

const defaultFields = ['display_phone_number', 'verified_name', 'quality_rating'];

const describeNumber = ({ phones, limits, detailsOf }: GraphNeeds, id: string, fields: unknown) => {
  phones.reachBusiness(id);
  const all: Record<string, unknown> = {
    display_phone_number: `+${phones.displayNumber(id)}`,
    verified_name: 'Simulated business',
    quality_rating: 'GREEN',
    throughput: { level: limits.throughputOf(id) === 'high' ? 'HIGH' : 'STANDARD' },
    whatsapp_business_manager_messaging_limit: limits.tier(),
    ...detailsOf(id),
  };
  return chosenFields(all, id, fields, defaultFields);
};

const createSend = (needs: GraphNeeds) => {
  const { settings, clock, phones } = needs;
  const refuse = createRefusals(needs);
  const serviceWindow = createServiceWindow(phones, clock, settings);
  return async (request: FastifyRequest<{ Params: NumberParams }>, reply: FastifyReply) => {
    const { phoneNumberId } = request.params;
    const call: Call = {
      at: new Date(clock.now()).toISOString(),
      phoneNumberId,
      isMarketing: /\/marketing_messages(?:\?|$)/.test(request.url),
      to: null,
      type: null,
      token: null,
      outcome: 'rejected',
      http: null,
      code: null,
      wamid: null,
    };
    try {
      requireToken(request, settings.accessToken);
      const body = jsonBody(request);
      phones.reachBusiness(phoneNumberId);
      const read = readMarkRead(body);
      if (read !== undefined) {
        const person = markRead(phones, phoneNumberId, read.id);
        if (read.isTyping) phones.showTyping(phoneNumberId, person, clock.now() + typingLastsMs);
        Object.assign(call, { outcome: 'marked-read', http: 200 });
        return { success: true };
      }
      const outgoing = readOutgoing(body, phones.numberOfUser);
      Object.assign(call, { to: outgoing.waId, type: outgoing.type, token: outgoing.token });
      const carried = readCarried(needs.media, phoneNumberId, outgoing);
      const template = checkTemplate(needs, phoneNumberId, outgoing);
      checkMarketing(needs, template, call.isMarketing, body);
      checkFlow(needs, outgoing);
      const rule = needs.script({ phoneNumberId, to: outgoing.waId, type: outgoing.type, token: outgoing.token, body });
      if (rule !== null) await needs.pause(rule);
      let name = refuse(phoneNumberId, outgoing, rule);
      if (name === 'accepted') name = serviceWindow(sentOf(needs, phoneNumberId, outgoing)) ?? name;
      if (carried.problem !== null && name === 'accepted') name = 'media-failed';
      if (name === 'accepted' && !isInTier(needs, phoneNumberId, outgoing.waId)) name = 'failed-131048';
      call.outcome = name;
      if (outcomeNamed(name).dropped) return cut(reply);
      call.wamid = await accept(needs, phoneNumberId, outgoing, name, rawBody(request), {
        ...carried,
        template,
        problem: carried.problem ?? rule?.details ?? null,
      });
      return await answer(needs, reply, call, outgoing, rule?.message_status ?? 'accepted');
    } catch (error) {
      const graph = asGraphError(error as Error);
      // An accepted call stays accepted in the log, whatever happened to its response.
      Object.assign(call, { http: graph.http, code: graph.code, ...(graph === error ? {} : { outcome: 'failed' }) });
      throw graph;
    } finally {
      needs.calls.record(call);
    }
  };
};

const sentOf = ({ templates, phones }: GraphNeeds, business: string, { waId, type, content }: Outgoing) => {
  const { name, language } = type === 'template' ? templateNamed(content) : { name: '', language: '' };
  const template = type === 'template' ? templates.find(phones.accountOf(business), name, language) : undefined;
  return { business, person: waId, type, isMarketing: template?.category === 'MARKETING' };
};

/** Whether the messaging limit allows a message to this person, whom it counts outside of the window. */
const isInTier = ({ phones, limits, clock }: GraphNeeds, business: string, person: string): boolean =>
  isWindowOpen(phones, business, person, clock.now()) || limits.takePerson(person);

/** Decides the outcome of a valid call; throws if it is an error. */
const createRefusals = ({ phones, limits }: GraphNeeds) => {
  const callsTo = new Map<string, number>();

  return (phoneNumberId: string, { waId: to }: Outgoing, rule: Partial<MessageRule> | null): OutcomeName => {
    if (to === phones.displayNumber(phoneNumberId)) throw new GraphError(131021, 'to: is the sender itself.');
    const forced = rule === null ? null : playedOutcome(rule);
    const name = forced ?? outcomeFor(to);
    const { refuse } = outcomeNamed(name);
    if (refuse !== undefined) {
      const key = `${phoneNumberId}/${to}`;
      const count = (callsTo.get(key) ?? 0) + 1;
      callsTo.set(key, count);
      if (forced !== null || refuse.first === undefined || count <= refuse.first) {
        const { code, subcode, details = `Forced by the simulator (${name}).` } = refuse;
        const { http, subcode: scripted, details: text } = rule ?? {};
        throw new GraphError(code, text ?? details, { subcode: scripted ?? subcode, http });
      }
    }
    limits.take(phoneNumberId, to);
    return name;
  };
};

const checkTemplate = (
  { templates, phones }: GraphNeeds,
  phoneNumberId: string,
  { type, content, userId }: Outgoing,
): Template | undefined => {
  if (type !== 'template') return undefined;
  const { name, language } = templateNamed(content);
  const template = templates.find(phones.accountOf(phoneNumberId), name, language);
  checkTemplateSend(template, content);
  if (userId !== undefined && template?.category === 'AUTHENTICATION')
    throw new GraphError(131062, 'recipient: one-time codes need a phone number.');
  return template;
};

/** How long a new template is not yet known to the endpoint for marketing. */
const syncMs = 600_000;

/** Refuses a restricted message, and one that the endpoint for marketing does not take. @throws GraphError */
const checkMarketing = (
  { limits, clock }: GraphNeeds,
  template: Template | undefined,
  isMarketing: boolean,
  body: unknown,
): void => {
  const { marketing_on_messages: isOpen, marketing_signed_up: isSignedUp, templates } = limits.restrictions();
  if (template !== undefined && !templates)
    throw new GraphError(131064, 'Templates are limited: too many are in a wrong category.');
  if (isMarketing) {
    if (template?.category !== 'MARKETING')
      throw new GraphError(134100, 'Only marketing templates can be sent to this endpoint.');
    const isStrict = (body as { product_policy?: unknown }).product_policy === 'STRICT';
    if (!isSignedUp && isStrict) throw new GraphError(134102, 'The business has not signed up for marketing messages.');
    if (isSignedUp && limits.areEnabled() && clock.now() - template.created_at < syncMs)
      throw new GraphError(134101, `template name (${template.name}) is still being synced`);
  }
  const isPlain = !isMarketing || !isSignedUp;
  if (isPlain && !isOpen && template?.category === 'MARKETING')
    throw new GraphError(131063, 'Marketing templates are disabled on Cloud API for this business account.');
};

const flowIn = z.object({
  type: z.literal('flow'),
  action: z.object({ parameters: z.object({ flow_id: z.string().optional(), flow_name: z.string().optional() }) }),
});

const checkFlow = ({ flows }: GraphNeeds, { type, content }: Outgoing): void => {
  const named = type === 'interactive' ? flowIn.safeParse(content).data?.action.parameters : undefined;
  if (named !== undefined && !flows.has(named))
    throw new GraphError(131009, 'interactive.action.parameters: there is no published flow of this id or name.');
};

/** The file of a message, and why it cannot arrive. Meta reports that in a status, but rejects unknown ids at once. */
type Carried = { media?: LedgerEntry['media']; link: string | null; problem: string | null };

const readCarried = (media: MediaStore, phoneNumberId: string, outgoing: Outgoing): Carried => {
  const [first, ...others] = allMediaOf(outgoing).map(reference => carriedBy(media, phoneNumberId, reference));
  if (first === undefined) return { link: null, problem: null };
  return { ...first, problem: first.problem ?? others.find(({ problem }) => problem !== null)?.problem ?? null };
};

const carriedBy = (media: MediaStore, phoneNumberId: string, reference: MediaReference): Carried => {
  if (reference.link !== undefined) {
    return { media: { link: reference.link }, link: reference.link, problem: null };
  }
  const file = reference.id === undefined ? undefined : media.find(reference.id);
  if (file === undefined || file.phone_number_id !== phoneNumberId) {
    throw new GraphError(
      100,
      `${reference.path}.id: no file with this id was uploaded for this number, or it is too old.`,
    );
  }
  const { id, sha256, size } = file;
  return { media: { id, sha256, size }, link: null, problem: sendProblem(reference.kind, file, reference.isVoice) };
};

const accept = async (
  needs: GraphNeeds,
  id: string,
  outgoing: Outgoing,
  outcome: OutcomeName,
  raw: Buffer,
  { media, link, problem, template }: Carried & { template: Template | undefined },
) => {
  const entry = {
    at: new Date(needs.clock.now()).toISOString(),
    wamid: needs.ids.message(outgoing.waId, 'received'),
    phone_number_id: id,
    to: outgoing.waId,
    type: outgoing.type,
    body_sha256: sha256Hex(raw),
    token: outgoing.token,
    outcome,
    price: needs.billing.priceOf(id, template?.category, needs.clock.now()),
    ...(media === undefined ? {} : { media }),
  };
  needs.billing.note(entry);
  await needs.ledger.append(entry);
  if (link === null || !needs.links.reaches(link)) needs.traffic.accept(entry, outgoing, problem);
  else needs.links.fetch(entry, outgoing, link, failure => needs.traffic.accept(entry, outgoing, failure));
  return entry.wamid;
};

const answer = async (needs: GraphNeeds, reply: FastifyReply, call: Call, outgoing: Outgoing, status: string) => {
  const { answer: manner } = outcomeNamed(call.outcome);
  const wamid = call.wamid ?? '';
  if (manner === 'lost') return cut(reply);
  // Left open on purpose, until the caller or the simulator closes it.
  if (manner === 'never') return reply.hijack();
  if (manner === 'slow') await new Promise<void>(done => needs.clock.after(needs.settings.delays.slow, done));
  if (manner === 'after-receipts' && needs.hasCallback(call.phoneNumberId)) {
    await needs.links.settled(wamid);
    await needs.receiptsSettled(wamid);
  }
  if (manner === 'server-error') {
    Object.assign(call, { http: 500, code: 131000 });
    return reply
      .code(500)
      .send(graphErrorBody(new GraphError(131000, 'Forced by the simulator, after accepting.'), needs.ids.trace()));
  }
  if (manner === 'gateway-error') {
    call.http = 502;
    return reply.code(502).type('text/html').send('<!doctype html><title>502 Bad Gateway</title><p>Sorry.');
  }
  call.http = 200;
  if (manner === 'garbage') return reply.type('text/html').send('<!doctype html><title>Sorry</title><p>Sorry.');
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input: outgoing.to, ...whoIs(outgoing) }],
    messages: [{ id: wamid, ...(outgoing.type === 'template' ? { message_status: status } : {}) }],
  };
};

const whoIs = ({ userId, waId }: Outgoing) => (userId === undefined ? { wa_id: waId } : { user_id: userId });

/** Marks the message and those before it; returns the person who wrote it. */
const markRead = (phones: Phones, phoneNumberId: string, messageId: string): string => {
  const place = phones.find(messageId);
  if (place === undefined || place.business !== phoneNumberId || place.message.direction !== 'written') {
    throw new GraphError(131009, 'message_id: no message with this id was received by this number.');
  }
  const thread = phones.person(place.person)?.threads.get(phoneNumberId) ?? [];
  const upTo = thread.findIndex(message => message.id === messageId);
  for (const message of thread.slice(0, upTo + 1)) {
    if (message.direction === 'written') phones.mark(message.id, 'read');
  }
  return place.person;
};
