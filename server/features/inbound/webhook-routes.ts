// Where channels post to us: verified on the raw bytes, stored, answered; everything else comes later.
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { problemSchema } from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { semaphore, semaphores } from '../../kit/async/semaphore.ts';
import { type Database, isUnavailable } from '../../kit/db/database.ts';
import { groupCommit } from '../../kit/db/group-commit.ts';
import { commonProblem } from '../../kit/errors.ts';
import { bodyReader } from '../../kit/http/body-reader.ts';
import type { Server } from '../../kit/http/routes.ts';
import { networkOf } from '../../kit/net/network.ts';
import { excessOfBytes } from '../../kit/text/json-excess.ts';
import { storableText } from '../../kit/text/storable.ts';
import type { Clock } from '../../kit/time.ts';
import type { WebhookApps } from '../../ports/channel.ts';
import { findByNumbers } from '../accounts/index.ts';
import { bodyLimits } from './body-limits.ts';
import { insertPayloads, type NewPayload } from './inbound-store.ts';

const largestBody = 3 * 1024 * 1024;
/** Who sends them is known only once they are read. */
const memoryLimits = { free: 64 * 1024, together: 64 * 1024 * 1024 };

export interface WebhookNeeds {
  db: Database;
  clock: Clock;
  apps: WebhookApps;
  wake: (kind: string, key: string) => void;
  /** Wrong signatures by address. Right ones are never rejected by it: only the body tells. */
  limits: {
    /** @throws AppError after too many */
    wrongSignature: (request: FastifyRequest) => void;
    signsWrong: (request: FastifyRequest) => boolean;
  };
}

// One address of Meta sends thousands of good requests. Their signature is checked before anything else.
const publicToChannels = { public: true, uncounted: true } as const;

const params = z.strictObject({ app: z.string().max(100).meta({ description: 'The name of the Meta app.' }) });

// The callback URL at Meta may have further query parameters.
const anyQuery = z.looseObject({});
const challengeQuery = z.looseObject({
  'hub.mode': z.unknown().optional().meta({ type: 'string', description: 'Always `subscribe`.' }),
  'hub.verify_token': z.unknown().optional().meta({ type: 'string', description: 'The verify token of the app.' }),
  'hub.challenge': z.unknown().optional().meta({ type: 'string', description: 'What is to be answered.' }),
});
const anyBody = z.any().meta({ type: 'object', description: 'A notification, in Meta’s words.' });

const wellFormed = /^sha256=[0-9a-f]{64}$/i;
/** Whether a body is read in turns where its address has sent many wrong signatures. */
const isLarge = ({ headers }: FastifyRequest) => !(Number(headers['content-length']) <= memoryLimits.free);
const unsigned = () => commonProblem('unauthorized', 'X-Hub-Signature-256 is missing or does not fit the body.');

/** What tells an operator who sent a webhook, and how it was signed. */
const keptNames = ['content-type', 'user-agent', 'x-hub-signature-256'];

const keptHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    keptNames.flatMap(name => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, storableText(value).slice(0, 500)]] : [];
    }),
  );

const receivedSchema = z.strictObject({ received: z.literal(true).meta({ description: 'It is stored.' }) });

export function webhookRoutes(parent: Server, needs: WebhookNeeds): void {
  const group = groupCommit<NewPayload, undefined>({
    // A second try after an uncertain COMMIT may store a payload twice; its items have one effect all the same.
    write: async payloads => {
      await insertPayloads(needs.db.grouped, payloads, needs.clock.sqlNow());
      return payloads.map(() => undefined);
    },
    uncertain: isUnavailable,
    max: 200,
    inFlight: 2,
  });
  const appOf = async (name: string) => {
    const app = await needs.apps.find(name);
    if (!app) throw commonProblem('not_found');
    return app;
  };

  /** The app whose signature the body has. @throws AppError if it is another one's, or nobody's */
  const signedBy = async (name: string, raw: Buffer, request: FastifyRequest) => {
    const signature = String(request.headers['x-hub-signature-256']);
    const app = await appOf(name);
    if (app.webhooks.verify(raw, signature)) return app;
    const renewed = await needs.apps.renew(name);
    if (!renewed?.webhooks.verify(raw, signature)) throw rejected(request);
    return renewed;
  };

  /** @throws AppError where the address has sent too many */
  function rejected(request: FastifyRequest): Error {
    needs.limits.wrongSignature(request);
    return unsigned();
  }
  const inTurn = semaphores(() => semaphore(1));

  void parent.register(async scope => {
    const app = scope as Server;
    // The signature is over the bytes as they came, so nothing may parse them before.
    app.removeAllContentTypeParsers();
    const readBody = bodyReader(memoryLimits);
    app.addContentTypeParser('*', (request: FastifyRequest, body: Readable) => {
      const read = () => readBody(body, { largest: largestBody }, bytes => bytes);
      return isLarge(request) && needs.limits.signsWrong(request) ? inTurn(networkOf(request.ip), read) : read();
    });

    app.get(
      '/webhooks/whatsapp/:app',
      {
        config: publicToChannels,
        schema: {
          tags: ['Channels'],
          operationId: 'verifyWebhook',
          summary: 'Meta asks whether this address is ours',
          produces: ['text/plain'],
          params,
          querystring: challengeQuery,
          response: { 200: z.string().meta({ description: 'The challenge, as it came.' }), 403: problemSchema },
        },
      },
      async (request, reply) => {
        const name = request.params.app;
        const answer =
          (await appOf(name)).webhooks.challenge(request.query) ??
          (await needs.apps.renew(name))?.webhooks.challenge(request.query);
        if (answer === undefined) throw commonProblem('forbidden', 'The verify token is not the one of this app.');
        return reply.type('text/plain; charset=utf-8').send(answer);
      },
    );

    app.post(
      '/webhooks/whatsapp/:app',
      {
        config: publicToChannels,
        // Reads no body of an unknown app or without a signature.
        onRequest: async request => {
          const { params, headers } = request;
          await appOf(params.app);
          if (!wellFormed.test(String(headers['x-hub-signature-256']))) throw rejected(request);
          if (Number(headers['content-length']) > largestBody) throw commonProblem('payload_too_large');
        },
        schema: {
          tags: ['Channels'],
          operationId: 'receiveWebhook',
          summary: 'Meta posts messages and receipts, signed',
          params,
          querystring: anyQuery,
          body: anyBody,
          response: { 200: receivedSchema, 401: problemSchema, 429: problemSchema },
        },
      },
      async (request, reply) => {
        const name = request.params.app;
        const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const app = await signedBy(name, raw, request);
        const numbers = excessOfBytes(raw, bodyLimits) ? [] : app.webhooks.numbersIn(raw).slice(0, 1);
        const [owner] = await findByNumbers(needs.db, app, numbers);
        const key = owner?.accountId ?? app.laneKey;
        await group.add({ app: name, laneKey: key, headers: keptHeaders(request.headers), body: raw });
        needs.wake('receive', key);
        return reply.code(200).send({ received: true });
      },
    );
  });
}
