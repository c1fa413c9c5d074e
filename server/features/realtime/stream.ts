// GET /api/v1/events/stream: events as they happen, as server-sent events.
import type { ServerResponse } from 'node:http';
import { problemSchema, streamEventsQuery } from '@recado/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { subjectOf } from '../events/index.ts';
import { accepts } from './accepts.ts';
import { filterOf, type Proof, type Sink, type Transport } from './client.ts';
import { closing, lingerMs } from './closing.ts';
import { problem } from './errors.ts';
import type { Hub } from './hub.ts';

export interface StreamNeeds {
  hub: Hub;
  /** How the caller of this request can be looked up again. */
  proofOf: (request: FastifyRequest) => Proof;
  clock: Clock;
  random: () => number;
}

const mediaType = 'text/event-stream';

/** Clients wait so long before they come back, in milliseconds; at random, so that not all come at once. */
const returnMs = { least: 500, spread: 2_000 };

const responses: Transport = { name: 'sse', flush() {} };

export function streamRoute(app: Server, { hub, proofOf, clock, random }: StreamNeeds): void {
  app.get(
    '/api/v1/events/stream',
    {
      config: { permission: 'me.read' },
      schema: {
        tags: ['Events'],
        operationId: 'streamEvents',
        summary: 'Get events as they happen (server-sent events)',
        description:
          'Each block has the id of the event as `id` and the event as `data`. A block without data only moves the id. An event `resync_required` says that the log does not have the event that you named: load what you show again, and go on after its `last_id`. An event `access_changed` says that your role, permissions or accounts changed. An event `behind` says how far you are behind while you get what you missed. An event `closed` says why the server ends the stream. You see the events that your permissions and accounts allow.',
        headers: z.object({
          'last-event-id': z.string().optional().meta({
            description: 'The id of the last event that you have. Browsers send it when they connect again.',
          }),
        }),
        querystring: streamEventsQuery,
        response: {
          200: {
            description: 'A stream of events.',
            content: { [mediaType]: { schema: z.string().meta({ description: 'Server-sent events.' }) } },
          },
          406: problemSchema,
          429: problemSchema,
        },
      },
    },
    async (request, reply) => {
      if (!accepts(request.headers.accept, mediaType)) throw problem('stream_not_accepted');
      const caller = callerOf(request);
      // A client that went away meanwhile would never leave the hub.
      if (reply.raw.destroyed) return reply.hijack() as never;
      const { types, account_id: accountId } = request.query;
      const after = lastIdOf(request.headers['last-event-id']) ?? request.query.after;
      hub.demandRoom(caller);
      const head = { ...reply.getHeaders(), 'content-type': `${mediaType}; charset=utf-8`, 'x-accel-buffering': 'no' };
      if (request.method === 'HEAD') return reply.headers(head).send('') as never;
      const proof = proofOf(request);
      reply.hijack();
      const retryMs = Math.round(returnMs.least + random() * returnMs.spread);
      const filter = filterOf(
        types,
        accountId === undefined ? undefined : [toUuid(accountId)],
        subjectOf(request.query),
      );
      const sink = sinkOf(reply.raw, () => begin(reply, head, retryMs), clock);
      const client = hub.open({ caller, proof, filter, after, sink });
      reply.raw.on('close', () => hub.leave(client));
      return reply as never;
    },
  );
}

/** @throws AppError */
function lastIdOf(given: string | undefined): string | undefined {
  if (!given) return undefined;
  const { success } = streamEventsQuery.shape.after.safeParse(given);
  if (!success) throw invalid('Last-Event-ID', 'Must be the id of an event.');
  return given;
}

function begin({ raw }: FastifyReply, head: object, retryMs: number): void {
  raw.writeHead(200, { ...head });
  raw.write(`retry: ${retryMs}\n\n`);
}

/** The head goes out with the first block: what a connected client reads then is not older than its first event. */
function sinkOf(response: ServerResponse, begin: () => void, clock: Clock): Sink {
  const write = (block: string | Buffer) => {
    if (!response.headersSent) begin();
    response.write(block);
  };
  const end = (name: string, data: object, id = '') => {
    write(`${id}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    response.end();
    clock.after(lingerMs, () => response.destroy());
  };
  return {
    transport: responses,
    send: event => write(event.block()),
    mark: id => write(`id: ${id}\n\n`),
    access: ({ role = null }) => write(`event: access_changed\ndata: ${JSON.stringify({ role })}\n\n`),
    behind: seconds => write(`event: behind\ndata: ${JSON.stringify({ seconds })}\n\n`),
    beat: () => write(':\n\n'),
    // With the id of the newest event a browser goes on behind it.
    resync: lastId => end('resync_required', { reason: 'not_found', last_id: lastId }, `id: ${lastId ?? ''}\n`),
    close: code => end('closed', closing(code)),
    buffered: () => response.writableLength,
  };
}
