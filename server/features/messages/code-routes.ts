// One-time codes over HTTP: one call that finds the template and sends the code.
import { idempotencyHeaders, messageSchema, problemSchema, sendCodeBody } from '@recado/contract';
import { callerOf, replayedHeader, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { accountProblem, knownAccounts } from '../accounts/index.ts';
import { codeMessage } from '../templates/index.ts';
import type { MessageNeeds } from './show-message.ts';

export function codeRoutes(app: Server, { db, accepting }: Pick<MessageNeeds, 'db' | 'accepting'>): void {
  app.post(
    '/api/v1/otp',
    {
      config: { permission: 'messages.create', sends: true },
      schema: {
        tags: ['Messages'],
        operationId: 'sendCode',
        summary: 'Send a one-time code',
        description:
          'Recado sends your code by an AUTHENTICATION template of the account, with high priority, and not after it is no longer valid.',
        headers: idempotencyHeaders,
        body: sendCodeBody,
        response: {
          202: messageSchema,
          400: problemSchema,
          404: problemSchema,
          409: problemSchema,
          422: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { code, template, language, valid_for_seconds: valid, priority, ...rest } = request.body;
      const accountId = toUuid(rest.account_id);
      const [known] = await knownAccounts(db.within(caller), caller.workspaceId, [accountId]);
      if (known === undefined)
        throw accountProblem('account_not_found', undefined, {
          fields: [{ field: 'account_id', message: 'Account not found.' }],
        });
      const made = await codeMessage(db.within(caller), caller.workspaceId, accountId, { code, template, language });
      const { message, replayed } = await accepting.accept(
        caller,
        {
          ...rest,
          type: 'template',
          template: made.content,
          priority: priority ?? 'high',
          valid_for_seconds: valid ?? made.validForSeconds,
        },
        request.headers['idempotency-key'],
      );
      if (replayed) reply.header(replayedHeader, 'true');
      return reply.code(202).send(message);
    },
  );
}
