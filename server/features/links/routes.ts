// Links over HTTP: what state a link is in, how a phone is linked, and how the link ends.
import { idSchema, linkConsent, linkSchema, problemSchema, type StartLink, startLinkBody } from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { type Caller, callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { accountProblem, channelOf, type LinkRow, presentLink } from '../accounts/index.ts';
import { problem } from './errors.ts';
import { countStart, endLink, findLink, hasGateway, keepConsent, lockLink, wantLink } from './link-store.ts';
import { qrPng, qrText } from './qr.ts';

export interface LinkRouteNeeds {
  db: ScopedDatabase;
  /** Why the channel is unavailable, as a sentence; undefined if it is available. */
  absence: () => string | undefined;
}

const params = z.strictObject({ id: idSchema('account') });
const tags = ['Links'];
const rejections = { 400: problemSchema, 404: problemSchema, 409: problemSchema };

/** Adds the routes. Each is about one account of the channel web that the caller may use. */
export function linkRoutes(app: Server, needs: LinkRouteNeeds): void {
  addLink(app, needs);
  addCodes(app, needs);
}

/** The link of the account of a request. @throws AppError */
async function linkOf(caller: Caller, id: string, db: Queryable): Promise<LinkRow> {
  const channel = await channelOf(db, caller.workspaceId, id);
  if (channel === undefined) throw accountProblem('account_not_found');
  const link = await findLink(db, id);
  if (!link) throw problem('not_linkable');
  return link;
}

/** Codes expire by the real time: WhatsApp's clock is no scenario's. */
const shown = (caller: Caller, link: LinkRow) =>
  presentLink(link, caller.permissions.has('accounts.manage'), Date.now());

function addLink(app: Server, needs: LinkRouteNeeds): void {
  const { db } = needs;
  app.get(
    '/api/v1/accounts/:id/link',
    {
      config: { permission: 'accounts.read' },
      schema: {
        tags,
        operationId: 'getLink',
        summary: 'Show the link of an account to its phone',
        params,
        response: { 200: linkSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      return shown(caller, await linkOf(caller, toUuid(request.params.id), db.within(caller)));
    },
  );

  app.post(
    '/api/v1/accounts/:id/link',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'startLink',
        summary: 'Link the account to a phone',
        description:
          'The answer comes before the first code. Read the code with `GET /api/v1/accounts/:id/link`, or wait for the event `account.link_code_created`. A repeat begins from the start.',
        params,
        body: startLinkBody,
        response: { 202: linkSchema, ...rejections, 429: problemSchema, 503: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      rejectContradictions(request.body);
      await linkOf(caller, id, db.within(caller));
      await rejectUnserved(needs, caller);
      const link = await db.within(caller).transaction(async tx => {
        await start(tx, request, id, request.body);
        return linkOf(caller, id, tx);
      });
      return reply.code(202).send(shown(caller, link));
    },
  );

  app.post(
    '/api/v1/accounts/:id/unlink',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'endLink',
        summary: 'End the link of the account to its phone',
        description:
          'It deletes the credentials and keys at once. If the phone is connected, Recado also logs out at WhatsApp. Otherwise, or if WhatsApp does not confirm it within 20 seconds, `cause` becomes `phone_may_keep`: remove the device on the phone.',
        params,
        response: { 200: linkSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      return db.within(caller).transaction(async tx => {
        await linkOf(caller, id, tx);
        await endLink(tx, id);
        await audit(tx, actorOf(request), { action: 'account.unlinked', target: { kind: 'account', id } });
        return shown(caller, await linkOf(caller, id, tx));
      });
    },
  );
}

function rejectContradictions({ method, phone }: StartLink): void {
  if (method === 'pairing_code' && phone === undefined)
    throw invalid('phone', 'Must be the number of the phone, because WhatsApp makes a pairing code for one number.');
  if (method === 'qr' && phone !== undefined) throw invalid('phone', 'Must be absent: any phone can read a QR code.');
}

async function rejectUnserved({ db, absence }: LinkRouteNeeds, caller: Caller): Promise<void> {
  const why = absence();
  if (why !== undefined) throw accountProblem('channel_off', why);
  if (!(await hasGateway(db.within(caller)))) throw problem('no_gateway', undefined, { retryAfterSeconds: 5 });
}

async function start(tx: Queryable, request: FastifyRequest, id: string, body: StartLink): Promise<void> {
  const { kind, id: callerUuid } = callerOf(request);
  const locked = await lockLink(tx, id);
  if (!locked) throw accountProblem('account_not_found');
  if (locked.state === 'connected' || locked.state === 'reconnecting') throw problem('already_linked');
  const target = { kind: 'account', id };
  if (locked.consented_at === null) {
    if (!body.accept_risks) throw problem('consent_required', linkConsent);
    await keepConsent(tx, id, { kind, id: callerUuid });
    await audit(tx, actorOf(request), { action: 'account.risks_accepted', target });
  }
  const wait = await countStart(tx, id);
  if (wait !== undefined) throw problem('too_many_links', undefined, { retryAfterSeconds: wait });
  await wantLink(tx, id, body);
  await audit(tx, actorOf(request), { action: 'account.link_started', target, detail: { method: body.method } });
}

function addCodes(app: Server, { db }: LinkRouteNeeds): void {
  /** The text of the current QR code. @throws AppError */
  async function currentCode(request: FastifyRequest<{ Params: z.infer<typeof params> }>): Promise<string> {
    const caller = callerOf(request);
    const { code } = shown(caller, await linkOf(caller, toUuid(request.params.id), db.within(caller)));
    if (code?.method !== 'qr') throw problem('no_code');
    return code.value;
  }
  const image = z.any().meta({ description: 'The QR code.' });

  app.get(
    '/api/v1/accounts/:id/link/qr.png',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'getLinkImage',
        summary: 'The current QR code as an image',
        params,
        produces: ['image/png'],
        response: { 200: image, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) =>
      reply
        .type('image/png')
        .header('cache-control', 'no-store')
        .send(await qrPng(await currentCode(request))),
  );

  app.get(
    '/api/v1/accounts/:id/link/qr.txt',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'getLinkText',
        summary: 'The current QR code for a terminal with a dark background',
        params,
        produces: ['text/plain'],
        response: { 200: image, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(qrText(await currentCode(request))),
  );
}
