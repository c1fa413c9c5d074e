// Routes for people and tests to force faults of messages, history and media.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { allows, createFaults, type Faults } from './faults.ts';
import { jsonBody } from './http.ts';
import { phoneDigits } from './ids.ts';
import { type MediaFaults, mediaFaultRule } from './media-faults.ts';
import { check } from './message-rules.ts';
import { type FaultCall, historyFaultNames } from './options.ts';
import { outcomeNames } from './reserved-recipients.ts';

const times = z.number().int().min(1).optional();

const number = z.string().transform((written, context) => {
  const digits = phoneDigits(written);
  if (digits === null) context.addIssue('not a phone number');
  return `+${digits}`;
});

const messageFaultRule = z.strictObject({
  fault: z.enum(outcomeNames),
  to: number.optional(),
  phone_number_id: z.string().optional(),
  type: z.string().optional(),
  times,
});

const historyFaultRule = z.strictObject({
  fault: z.enum(historyFaultNames),
  phone_number_id: z.string().optional(),
  times,
});

export const createMessageFaults = () =>
  createFaults<FaultCall, z.infer<typeof messageFaultRule>>(
    (rule, call) =>
      allows(rule.to, `+${call.to}`) &&
      allows(rule.phone_number_id, call.phoneNumberId) &&
      allows(rule.type, call.type),
  );

export const createHistoryFaults = () =>
  createFaults<{ phoneNumberId: string }, z.infer<typeof historyFaultRule>>((rule, call) =>
    allows(rule.phone_number_id, call.phoneNumberId),
  );

type FaultNeeds = {
  messages: ReturnType<typeof createMessageFaults>;
  history: ReturnType<typeof createHistoryFaults>;
  media: MediaFaults;
};

/** Adds the routes. They need no token: only this machine can reach them. */
export const addFaultRoutes = (app: FastifyInstance, { messages, history, media }: FaultNeeds): void => {
  const add = <Call, Kind extends { fault: string }>(
    path: string,
    schema: z.ZodType<Kind>,
    faults: Faults<Call, Kind>,
  ) => {
    app.get(path, () => ({ faults: faults.rules() }));
    app.post(path, (request, reply) => {
      faults.addRule(check(schema, jsonBody(request), ''));
      return reply.code(204).send();
    });
    app.delete(path, (_request, reply) => {
      faults.clearRules();
      return reply.code(204).send();
    });
  };
  add('/faults/messages', messageFaultRule, messages);
  add('/faults/history', historyFaultRule, history);
  add('/faults/media', mediaFaultRule, media);
};
