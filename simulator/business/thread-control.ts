// Who has the chat with a person, where several answer for a business: the callback's program, or somebody else.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GraphError } from '../graph/graph-errors.ts';
import { check } from '../graph/message-rules.ts';
import type { Clock } from '../kit/clock.ts';
import { graphPrefixes, jsonBody, numberPattern, requireToken } from '../kit/http.ts';
import { type Ids, phoneDigits } from '../kit/ids.ts';
import type { Phones } from '../phones/phones.ts';

/** Where the messages of a person go: to the program, or only to its standby. */
export type Threads = {
  isOurs(business: string, person: string): boolean;
  give(business: string, person: string, owner: 'us' | 'other'): void;
};

/** Owners are kept in memory only; each chat is the program's from the start. */
export const createThreads = (): Threads => {
  const others = new Set<string>();
  return {
    isOurs: (business, person) => !others.has(`${business}/${person}`),
    give: (business, person, owner) => {
      if (owner === 'us') others.delete(`${business}/${person}`);
      else others.add(`${business}/${person}`);
    },
  };
};

const roles = ['ai_agent', 'ctwa', 'customer_service', 'escalation', 'marketing', 'utility'] as const;

const control = z
  .strictObject({
    messaging_product: z.literal('whatsapp'),
    to: z.string().optional(),
    recipient: z.string().optional(),
    action: z.enum(['pass', 'release', 'take']),
    control_pass: z.strictObject({ target_role: z.enum(roles) }).optional(),
    metadata: z.string().max(2000).optional(),
  })
  .refine(({ action, control_pass }) => action === 'pass' || control_pass === undefined, {
    path: ['control_pass'],
    error: 'is only for the action pass',
  });

type ControlNeeds = { accessToken: string; threads: Threads; phones: Phones; ids: Ids; clock: Clock };

/** Adds the endpoint by which a program takes, passes on or releases a chat. */
export const addThreadControl = (
  app: FastifyInstance,
  { accessToken, threads, phones, ids, clock }: ControlNeeds,
): void => {
  for (const prefix of graphPrefixes)
    app.post<{ Params: { phoneNumberId: string } }>(`${prefix}/${numberPattern}/thread_control`, request => {
      requireToken(request, accessToken);
      const { phoneNumberId: business } = request.params;
      phones.touchBusiness(business);
      const { to, recipient, action } = check(control, jsonBody(request), '');
      const person = to === undefined ? phones.numberOfUser(recipient ?? '') : phoneDigits(to);
      if (person === null) throw new GraphError(131009, 'to: nobody is known by this.');
      const isOurs = threads.isOurs(business, person);
      if (action === 'take' && isOurs) throw new GraphError(100, 'The thread is yours already.', { subcode: 2494191 });
      if (action !== 'take' && !isOurs) throw new GraphError(100, 'The thread is of somebody else.');
      threads.give(business, person, action === 'pass' ? 'other' : 'us');
      return { messaging_product: 'whatsapp', request_id: ids.digits(`thread-control ${clock.now()}`, 16) };
    });
};
