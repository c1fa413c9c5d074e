// The script routes: force faults, move the clock, change limits, expire tokens; list and remove all of it.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { GraphError } from '../graph/graph-errors.ts';
import { type Limits, throughputNames, tierNames } from '../graph/limits.ts';
import { check } from '../graph/message-rules.ts';
import { type Tokens, tokenRule } from '../graph/tokens.ts';
import type { SimulatedClock } from '../kit/clock.ts';
import { jsonBody, notFound } from '../kit/http.ts';
import { type MediaFaults, mediaFaultRule } from '../media/media-faults.ts';
import { type WebhookFaults, webhookRule } from '../webhooks/webhook-faults.ts';
import type { Listed } from './faults.ts';
import { type createMessageFaults, messageRule } from './script-rules.ts';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const longestMoveMs = 400 * unitMs.d;

const clockChange = z.strictObject({
  advance: z
    .string()
    .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'has to be a number and a unit: ms, s, m, h or d')
    .optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  running: z.boolean().optional(),
});

const limitsChange = z.strictObject({
  enabled: z.boolean().optional(),
  tier: z.enum(tierNames).optional(),
  pair: z.strictObject({ burst: z.number().int().min(1), seconds: z.number().min(0.001) }).optional(),
  management: z.number().int().min(1).optional(),
  throughput: z.enum(throughputNames).optional(),
  phone_number_id: z.string().optional(),
  marketing_on_messages: z.boolean().optional(),
  marketing_signed_up: z.boolean().optional(),
  templates: z.boolean().optional(),
  regain_minutes: z.number().int().min(1).nullable().optional(),
});

type ScriptNeeds = {
  seed: string | null;
  clock: SimulatedClock;
  limits: Limits;
  tokens: Tokens;
  messages: ReturnType<typeof createMessageFaults>;
  media: MediaFaults;
  webhooks: WebhookFaults;
};

/** What the routes need of a list of rules. */
type RuleList<Kind> = {
  addRule(rule: Kind): Listed<Kind>;
  rules(): Listed<Kind>[];
  removeRule(id: number): boolean;
  clearRules(): void;
};

const done = (reply: FastifyReply) => reply.code(204).send();

/** Adds the routes. They need no token: only this machine can reach them. */
export const addScriptRoutes = (app: FastifyInstance, needs: ScriptNeeds): void => {
  const { seed, clock, limits, tokens } = needs;
  const lists = new Map<string, Pick<RuleList<unknown>, 'rules' | 'clearRules'>>();
  const add = <Kind>(name: string, schema: z.ZodType<Kind>, list: RuleList<Kind>) => {
    const path = `/script/${name}`;
    lists.set(name, list);
    app.get(path, () => ({ rules: list.rules() }));
    app.post(path, (request, reply) => reply.code(201).send(list.addRule(check(schema, jsonBody(request), ''))));
    app.delete(path, (_request, reply) => {
      list.clearRules();
      return done(reply);
    });
    app.delete<{ Params: { id: string } }>(`${path}/:id`, (request, reply) => {
      const { id } = request.params;
      if (!list.removeRule(Number(id))) throw notFound(id, { http: 404 });
      return done(reply);
    });
  };
  add('messages', messageRule, needs.messages);
  add('media', mediaFaultRule, needs.media);
  add('webhooks', webhookRule, needs.webhooks);
  add('tokens', tokenRule, tokens);

  const timeNow = () => ({ now: new Date(clock.now()).toISOString(), running: clock.isRunning() });
  app.get('/script', () => ({
    seed,
    clock: timeNow(),
    limits: limits.list(),
    ...Object.fromEntries([...lists].map(([name, list]) => [name, list.rules()])),
  }));
  app.delete('/script', (_request, reply) => {
    for (const list of lists.values()) list.clearRules();
    limits.reset();
    return done(reply);
  });

  app.get('/script/clock', timeNow);
  app.patch('/script/clock', async request => {
    const { advance, to, running } = check(clockChange, jsonBody(request), '');
    if (advance !== undefined && to !== undefined) throw new GraphError(131009, 'to: give either advance or to.');
    const wanted = to === undefined ? msOf(advance ?? '0ms') : Date.parse(to) - clock.now();
    if (wanted < 0) throw new GraphError(131009, 'to: is in the past; the clock only moves forward.');
    if (wanted > longestMoveMs) throw new GraphError(131009, 'advance: at most 400 days at once.');
    if (running === false) clock.setRunning(false);
    await clock.move(wanted);
    if (running === true) clock.setRunning(true);
    return timeNow();
  });

  app.get('/script/limits', () => limits.list());
  app.patch('/script/limits', request => {
    const change = check(limitsChange, jsonBody(request), '');
    if ((change.throughput === undefined) !== (change.phone_number_id === undefined))
      throw new GraphError(131008, 'throughput: needs a phone_number_id, and the other way around.');
    limits.change(change);
    return limits.list();
  });
};

const msOf = (written: string): number => {
  const [, count, unit] = /^(\d+)(\D+)$/.exec(written) ?? [];
  return Number(count) * unitMs[unit as keyof typeof unitMs];
};
