// Control routes for people and tests: numbers, flows, ledger, callback.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Flows } from '../business/flows.ts';
import { GraphError } from '../graph/graph-errors.ts';
import type { Ledger } from '../graph/ledger.ts';
import { check } from '../graph/message-rules.ts';
import { jsonBody } from '../kit/http.ts';
import { phoneDigits } from '../kit/ids.ts';
import type { Phones } from '../phones/phones.ts';

const registration = z.strictObject({
  phone_number_id: z.string().regex(/^\d{1,40}$/),
  display_phone_number: z.string(),
  business_account_id: z
    .string()
    .regex(/^\d{1,40}$/)
    .optional(),
});

const newFlow = z.strictObject({ id: z.string().regex(/^\d{1,40}$/), name: z.string().min(1).max(200) });

const ledgerQuery = z.strictObject({
  token: z.string().optional(),
  to: z.string().optional(),
  since_line: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
});

type ControlNeeds = { phones: Phones; ledger: Ledger; flows: Flows; verifyCallback(): Promise<boolean> };

/** Adds the control routes. They need no token: only this machine can reach them. */
export const addControlRoutes = (
  app: FastifyInstance,
  { phones, ledger, flows, verifyCallback }: ControlNeeds,
): void => {
  const numbers = () => ({
    numbers: phones.businesses().map(({ id, display, account }) => ({
      phone_number_id: id,
      display_phone_number: `+${display}`,
      business_account_id: account,
    })),
  });

  app.get('/numbers', numbers);
  app.post('/numbers', (request, reply) => {
    const body = check(registration, jsonBody(request), '');
    const digits = phoneDigits(body.display_phone_number);
    if (digits === null) throw new GraphError(131009, 'display_phone_number: not a phone number.');
    const { phone_number_id: id, business_account_id: account } = body;
    phones.registerBusiness(id, digits, account);
    return reply.code(201).send({
      phone_number_id: id,
      display_phone_number: `+${digits}`,
      business_account_id: phones.accountOf(id),
    });
  });

  app.get('/flows', () => ({ flows: flows.list() }));
  app.post('/flows', (request, reply) => {
    const flow = check(newFlow, jsonBody(request), '');
    flows.add(flow);
    return reply.code(201).send(flow);
  });

  app.get('/ledger', request => {
    const query = check(ledgerQuery, request.query, '');
    const to = query.to === undefined ? null : (phoneDigits(query.to) ?? query.to);
    const entries = [];
    const all = ledger.entries();
    for (let line = query.since_line; line < all.length && entries.length < query.limit; line++) {
      const entry = all[line];
      if (entry === undefined || (to !== null && entry.to !== to)) continue;
      if (query.token === undefined || entry.token === query.token) entries.push({ line: line + 1, ...entry });
    }
    return { entries, lines: all.length };
  });
  app.get('/ledger/summary', () => ledger.summary());

  app.post('/callback/verify', async () => ({ verified: await verifyCallback() }));
};
