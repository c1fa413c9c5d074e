// The simulated phones over HTTP: what a person sees of the chat with an account, and does in it.
import {
  changePhoneBody,
  channels,
  idSchema,
  phoneMessageId,
  phoneNumberParam,
  phoneScreenSchema,
  problemSchema,
  readOnPhoneSchema,
  sandboxRecipientsSchema,
  writeOnPhoneBody,
  writtenOnPhoneSchema,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { type Caller, callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { accountProblem, findNumber } from '../accounts/index.ts';
import { toE164 } from '../contacts/index.ts';
import { dispositionOf, safeHeaders, servedType } from '../media/index.ts';
import { problem } from './errors.ts';
import { presentScreen } from './screen.ts';
import type { ChatPlace } from './simulator.ts';
import { type WriteNeeds, writeOnPhone } from './write.ts';

export interface PhoneNeeds extends WriteNeeds {
  db: ScopedDatabase;
}

const params = z.strictObject({ id: idSchema('account'), number: phoneNumberParam });
const fileParams = params.extend({ message: phoneMessageId });
const tags = ['Phones'];
const rejections = { 403: problemSchema, 404: problemSchema, 409: problemSchema, 503: problemSchema };

/** Adds the routes. Each is about one account of the channel sandbox that the caller may use, and one person. */
export function phoneRoutes(app: Server, needs: PhoneNeeds): void {
  addScreen(app, needs);
  addActions(app, needs);
  addFile(app, needs);
}

type PhoneRequest = FastifyRequest<{ Params: z.infer<typeof params> }>;

/** Rejects callers who read only some conversations or see no numbers: a phone shows all of a chat. @throws AppError */
function demandPhones({ reader, seesNumbers }: Caller): void {
  if (reader)
    throw commonProblem('forbidden', 'A phone shows whole chats, but you read only some of the conversations.');
  if (!seesNumbers) throw commonProblem('forbidden', 'A phone shows the number of its person, which you do not see.');
}

/** The chat that a request is about. @throws AppError */
async function placeOf({ db }: PhoneNeeds, request: PhoneRequest): Promise<ChatPlace> {
  const caller = callerOf(request);
  demandPhones(caller);
  const account = await findNumber(db.within(caller), caller.workspaceId, toUuid(request.params.id));
  if (!account) throw accountProblem('account_not_found');
  if (!channels[account.channel].simulated) throw problem('not_sandbox');
  return { number: toE164(request.params.number, 'number'), numberId: account.numberId };
}

function addScreen(app: Server, needs: PhoneNeeds): void {
  const { simulator } = needs;
  app.get(
    '/api/v1/sandbox/recipients',
    {
      config: { permission: 'accounts.read' },
      schema: {
        tags,
        operationId: 'listSandboxRecipients',
        summary: 'List the numbers with which the Sandbox fails on purpose',
        response: { 200: sandboxRecipientsSchema, 409: problemSchema, 503: problemSchema },
      },
    },
    async () => ({
      data: (await simulator.recipients()).map(({ number, fault, does }) => ({
        number,
        outcome: fault,
        description: does,
      })),
    }),
  );

  app.get(
    '/api/v1/accounts/:id/phones/:number',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'getPhone',
        summary: 'Show the simulated phone of a person',
        description: 'Only the chat with this Sandbox account. A chat without messages is empty.',
        params,
        response: { 200: phoneScreenSchema, ...rejections },
      },
    },
    async request => presentScreen(await simulator.chat(await placeOf(needs, request))),
  );

  app.patch(
    '/api/v1/accounts/:id/phones/:number',
    {
      config: { permission: 'messages.create' },
      schema: {
        tags,
        operationId: 'changePhone',
        summary: 'Change what the simulated phone does by itself in this chat',
        params,
        body: changePhoneBody,
        response: { 200: phoneScreenSchema, ...rejections },
      },
    },
    async request => presentScreen(await simulator.change(await placeOf(needs, request), request.body)),
  );
}

function addActions(app: Server, needs: PhoneNeeds): void {
  app.post(
    '/api/v1/accounts/:id/phones/:number/messages',
    {
      config: { permission: 'messages.create' },
      schema: {
        tags,
        operationId: 'writeOnPhone',
        summary: 'Write, react, choose or send a file as the person',
        description: 'Recado receives it like a message from WhatsApp.',
        params,
        body: writeOnPhoneBody,
        response: { 202: writtenOnPhoneSchema, ...rejections },
      },
    },
    async (request, reply) => {
      const place = await placeOf(needs, request);
      return reply.code(202).send({ id: await writeOnPhone(needs, callerOf(request), place, request.body) });
    },
  );

  app.post(
    '/api/v1/accounts/:id/phones/:number/read',
    {
      config: { permission: 'messages.create' },
      schema: {
        tags,
        operationId: 'readOnPhone',
        summary: 'Read all messages of the account as the person',
        params,
        response: { 200: readOnPhoneSchema, ...rejections },
      },
    },
    async request => needs.simulator.read(await placeOf(needs, request)),
  );
}

function addFile(app: Server, needs: PhoneNeeds): void {
  app.get(
    '/api/v1/accounts/:id/phones/:number/messages/:message/file',
    {
      config: { permission: 'messages.read' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'getPhoneFile',
        summary: 'Download the file of a message on the simulated phone',
        params: fileParams,
        response: rejections,
      },
    },
    async (request, reply) => {
      const chat = await needs.simulator.chat(await placeOf(needs, request));
      const file = chat.messages.find(({ id }) => id === request.params.message)?.media;
      if (!file) throw problem('phone_message_not_found');
      const content = await needs.simulator.file(file.id);
      for (const [name, value] of Object.entries(safeHeaders)) reply.header(name, value);
      return reply
        .type(servedType(file.mime_type))
        .header('content-disposition', dispositionOf(file.mime_type, file.filename, 'file'))
        .header('content-length', file.size)
        .send(content as never);
    },
  );
}
