// The baseline's API: Recado's login and validation, a contact lookup, one INSERT and one job per message.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Permission, type Role, rolePermissions, sendMessageBody } from '@recado/contract';
import type { Queue } from 'bullmq';
import Fastify from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type pg from 'pg';
import type { AccessTokens } from '../../server/features/auth/index.ts';
import { toE164 } from '../../server/features/contacts/index.ts';
import { AppError } from '../../server/kit/errors.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';

/** Returns the server: a route that stores, one that stores nothing, and one that only verifies webhooks. */
export function baselineApi(tokens: AccessTokens, appSecret: string, pool: pg.Pool, queue: Queue) {
  const app = Fastify({ logger: false }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply
      .code(error instanceof AppError ? error.status : (error.statusCode ?? 500))
      .send({ code: 'rejected', detail: error.message }),
  );
  app.decorateRequest('caller', undefined);
  const permission: Permission = 'messages.create';
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.public) return undefined;
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const sessionId = bearer === undefined ? undefined : await tokens.verify(bearer);
    const session = sessionId === undefined ? undefined : await sessionOf(pool, sessionId);
    if (!session) return reply.code(401).send({ code: 'rejected' });
    const permissions = rolePermissions[session.role];
    if (!permissions.has(permission)) return reply.code(403).send({ code: 'rejected' });
    const { workspace_id: workspaceId, person_id: id, role } = session;
    request.caller = {
      kind: 'person',
      id,
      name: undefined,
      workspaceId,
      accounts: undefined,
      seesNumbers: true,
      role,
      sessionId,
      permissions,
    };
    return undefined;
  });

  app.post('/nothing', { schema: { body: sendMessageBody } }, async (request, reply) => {
    const { body } = request;
    toE164(body.to ?? '', 'to');
    toUuid(body.account_id);
    return reply.code(202).send(shown(newUuid(), body, new Date()));
  });

  // Signatures cover the raw bytes.
  void app.register(async scope => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post('/verify', { config: { public: true } }, async (request, reply) => {
      const signature = String(request.headers['x-hub-signature-256']);
      const expected = createHmac('sha256', appSecret)
        .update(request.body as Buffer)
        .digest();
      const given = Buffer.from(signature.slice('sha256='.length), 'hex');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send({});
      return { received: true };
    });
  });

  app.post('/messages', { schema: { body: sendMessageBody } }, async (request, reply) => {
    const { body, caller } = request;
    if (!caller) throw new Error('the hook admits no request without a caller');
    const to = toE164(body.to ?? '', 'to');
    const { rows } = await pool.query<{ status: string; contact_id: string | null }>({
      name: 'look up',
      text: `select a.status, c.id as contact_id from account a
          left join contact c on c.workspace_id = a.workspace_id and c.phone = $3
          where a.id = $1 and a.workspace_id = $2`,
      values: [toUuid(body.account_id), caller.workspaceId, to],
    });
    const [account] = rows;
    if (account?.status !== 'connected') return reply.code(account ? 409 : 404).send({ code: 'rejected' });
    const contactId = account.contact_id ?? (await newContact(pool, caller.workspaceId, to));
    const id = newUuid();
    const inserted = await pool.query<{ created_at: Date }>({
      name: 'insert',
      text: `insert into message (id, workspace_id, account_id, contact_id, address, type, content, status, created_by)
          values ($1, $2, $3, $4, $5, $6, $7, 'queued', $8) returning created_at`,
      values: [
        id,
        caller.workspaceId,
        toUuid(body.account_id),
        contactId,
        to,
        body.type,
        JSON.stringify(contentOf(body)),
        caller.id,
      ],
    });
    await queue.add(
      'send',
      { id },
      {
        attempts: 4,
        backoff: { type: 'exponential', delay: 5_000 },
        removeOnComplete: true,
        removeOnFail: true,
      },
    );
    return reply.code(202).send(shown(id, body, inserted.rows[0]?.created_at ?? new Date()));
  });
  return app;
}

/** Checks the session at each request, as Recado does. */
async function sessionOf(pool: pg.Pool, id: string) {
  const { rows } = await pool.query<{ workspace_id: string; person_id: string; role: Role }>({
    name: 'session',
    text: 'select workspace_id, person_id, role from session where id = $1 and revoked_at is null',
    values: [id],
  });
  return rows[0];
}

type Body = ReturnType<typeof sendMessageBody.parse>;

const contentOf = (body: Body): unknown => Object.entries(body).find(([name]) => name === body.type)?.[1];

const shown = (id: string, body: Body, createdAt: Date) => ({
  id: toId('message', id),
  account_id: body.account_id,
  to: body.to,
  type: body.type,
  [body.type]: contentOf(body),
  status: 'queued',
  created_at: createdAt.toISOString(),
});

async function newContact(pool: pg.Pool, workspaceId: string, phone: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'new contact',
    text: `insert into contact (id, workspace_id, phone) values ($1, $2, $3)
      on conflict (workspace_id, phone) do update set phone = excluded.phone returning id`,
    values: [newUuid(), workspaceId, phone],
  });
  return rows[0]?.id ?? '';
}
