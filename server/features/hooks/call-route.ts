// The address that other programs call: what they post is stored, and told by the lane of the hook.
import { problemSchema, takenCallSchema } from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { hashText } from '../../kit/crypto/secrets.ts';
import { commonProblem } from '../../kit/errors.ts';
import { rateLimit } from '../../kit/http/rate-limit.ts';
import type { Server } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import * as calls from './call-store.ts';
import { problem } from './errors.ts';
import { tokenPrefix } from './hook.ts';
import { findByHash, type HookRow, lockHook } from './hook-store.ts';
import { type HookNeeds, tags } from './needs.ts';
import { type ReadCall, readCall } from './read-call.ts';

const largestBody = 256 * 1024;
/** What a program in a loop may store. */
const burst = { most: 120, seconds: 60 } as const;

const params = z.strictObject({
  token: z.string().max(200).meta({ description: 'The token of the hook.', example: 'hk_the_token_of_the_hook' }),
});
const anyBody = z.any().meta({
  type: 'object',
  description: 'What the other program posts: JSON, or a text.',
  example: { heartbeat: { status: 0, msg: 'timeout' }, monitor: { id: 1, name: 'Shop' }, msg: '[Shop] timeout' },
});

/** Recado names itself in what it posts. */
const isOurs = ({ headers }: FastifyRequest): boolean => headers['user-agent'] === 'Recado';

export function callRoute(parent: Server, needs: HookNeeds): void {
  const { engineDb, clock, wake } = needs;
  const limit = rateLimit(burst, () => clock.now());

  /** @throws AppError if there is no such hook, or it is called too often */
  async function called(token: string): Promise<HookRow> {
    const hook = token.startsWith(tokenPrefix) ? await findByHash(engineDb, hashText(token)) : undefined;
    if (!hook) throw problem('hook_not_found');
    const { allowed, nextIn } = limit.take(hook.id);
    if (!allowed)
      throw commonProblem(
        'rate_limited',
        `This hook takes ${burst.most} calls a minute. Try again in ${nextIn} seconds.`,
        {
          retryAfterSeconds: nextIn,
        },
      );
    return hook;
  }

  async function reject(hook: HookRow, why: string): Promise<never> {
    await calls.insertRejected(engineDb, hook, why, new Date(clock.now()));
    throw problem('hook_call_not_understood', why, { fields: [{ field: 'body', message: why }] });
  }

  async function take(hookId: string, call: ReadCall) {
    const at = new Date(clock.now());
    return engineDb.transaction(async tx => {
      // One at a time, so that of two equal calls the second is a repeat.
      const hook = await lockHook(tx, hookId);
      if (!hook) throw problem('hook_not_found');
      const outcome = await calls.outcomeOf(tx, hook, call, at);
      const dueAt = new Date(at.getTime() + hook.group_s * 1_000);
      return { id: await calls.insertCall(tx, hook, call, { outcome, at, dueAt }), outcome };
    });
  }

  void parent.register(async scope => {
    const app = scope as Server;
    // A program may name any type, or none.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestBody }, (_request, body, done) =>
      done(null, body),
    );

    app.post(
      '/hooks/:token',
      {
        config: { public: true },
        schema: {
          tags,
          operationId: 'callHook',
          summary: 'Other programs post their alerts',
          description:
            'Alertmanager, Grafana, Uptime Kuma, or a plain text, of at most 256 KiB. Recado answers 202 once it has stored the call durably.',
          params,
          body: anyBody,
          response: {
            202: takenCallSchema,
            400: problemSchema,
            404: problemSchema,
            409: problemSchema,
            429: problemSchema,
          },
        },
      },
      async (request, reply) => {
        const hook = await called(request.params.token);
        if (isOurs(request)) throw problem('hook_loop');
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const call = readCall({ contentType: request.headers['content-type'], body }, hook.format, hook.name);
        if ('why' in call) return reject(hook, call.why);
        const { id, outcome } = await take(hook.id, call);
        if (outcome === 'waiting' && hook.group_s === 0) wake('hook', hook.id);
        return reply.code(202).send({ id: toId('hook_call', id), outcome });
      },
    );
  });
}
