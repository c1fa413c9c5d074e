// Endpoints: where Recado posts events as webhooks, and the record of these posts.
import { z } from 'zod';
import {
  changeBody,
  pageQuery,
  pageSchema,
  rangeRule,
  requestObject,
  textSchema,
  timeInputSchema,
  timeSchema,
} from './common.ts';
import { isEventName } from './event-catalogue.ts';
import { checkFilter, type EventFilter } from './event-filter.ts';
import { eventPatternSchema, publicEventSchema } from './events.ts';
import { accountLimitSchema, idSchema } from './ids.ts';

export const endpointStatuses = ['active', 'paused', 'disabled'] as const;
export type EndpointStatus = (typeof endpointStatuses)[number];

export const disabledReasons = ['gone', 'failing', 'access_lost'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** The form of the body that an endpoint gets. */
export const endpointFormats = ['recado'] as const;
export type EndpointFormat = (typeof endpointFormats)[number];

const eventTypesInput = z
  .array(eventPatternSchema)
  .min(1, { error: 'Must have at least one event type.' })
  .max(100, { error: 'Must have at most 100 event types.' })
  .refine(types => new Set(types).size === types.length, { error: 'Must not repeat an event type.' });

const filterInput = z
  .record(z.string(), z.unknown())
  .superRefine((filter, context) => {
    for (const { path, message } of checkFilter(filter)) context.addIssue({ code: 'custom', path, message });
  })
  .transform(filter => filter as unknown as EventFilter);

/** Recado sets these itself, or they would change how the request is read. */
const reservedHeader =
  /^(webhook-.*|host|content-.*|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|user-agent|proxy-.*|accept-encoding)$/i;

const headersInput = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, { error: 'Must be the name of an HTTP header.' })
      .refine(name => !reservedHeader.test(name), { error: 'Recado sets this header itself. Use another name.' }),
    z
      .string()
      .max(1000, { error: 'Must have at most 1000 characters.' })
      .regex(/^[\t\x20-\x7e]*$/, { error: 'Must have printable ASCII characters only.' }),
  )
  .refine(headers => Object.keys(headers).length <= 20, { error: 'Must have at most 20 headers.' })
  .refine(
    headers => new Set(Object.keys(headers).map(name => name.toLowerCase())).size === Object.keys(headers).length,
    { error: 'Must not repeat a header.' },
  );

const rateLimitSchema = z.strictObject({
  messages: z.number().int().min(1).max(10_000).meta({ description: 'The most requests in the time.' }),
  seconds: z.number().int().min(1).max(3_600).meta({ description: 'The time in seconds.' }),
});

const url = textSchema(2048).meta({
  description: 'An https link to a public address. The operator can allow other hosts with `WEBHOOK_ALLOWED_HOSTS`.',
  example: 'https://example.com/recado',
  format: 'uri',
});
const descriptions = {
  description: 'Your own name for it.',
  event_types: 'The event types that it gets, such as `message.received` or the group `message.*`. Null for all.',
  account_ids: 'Only events of these accounts. Null for all events.',
  filter:
    'Only events that match: `{field, equals | in | exists}`, combined with `and` and `or`. At most 4 levels and 50 conditions. Null for all.',
  headers:
    'More headers of each request. Recado does not show their values again, and drops them when `url` moves to another origin.',
  format: 'The form of the body.',
  rate_limit: 'The most requests in a time, spread evenly. Null for no limit.',
  concurrency: 'The most requests at once.',
  sees_numbers: 'false: phone numbers of contacts arrive as ••• and their last four digits.',
};
const filterExample = { field: 'data.message.type', in: ['text', 'image'] };

/** `whsec_` and base64, with or without its padding. */
const secretForm = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/** Whether a text is the base64 of whole bytes; the form says of how many. */
const isWhole = (text: string): boolean => {
  const { length } = text.replace(/=+$/, '');
  return length % 4 !== 1 && (!text.endsWith('=') || text.length % 4 === 0);
};

const secretError = 'Must be whsec_ and the base64 of 24 to 64 bytes.';

/** A secret that the caller brings along. */
const ownSecret = z
  .string()
  .regex(secretForm, { error: secretError })
  .refine(secret => isWhole(secret.slice('whsec_'.length)), { error: secretError })
  .optional()
  .meta({
    description:
      'A secret of your own, such as one that your receivers check already: `whsec_` and the base64 of 24 to 64 bytes. No answer shows it. Default: Recado makes one.',
  });

const settable = {
  description: textSchema(200).nullable().optional().meta({ description: descriptions.description }),
  event_types: eventTypesInput
    .nullable()
    .optional()
    .meta({ description: `${descriptions.event_types} Default: null.` }),
  account_ids: accountLimitSchema
    .nullable()
    .optional()
    .meta({ description: `${descriptions.account_ids} Default: null.` }),
  filter: filterInput.nullable().optional().meta({ description: descriptions.filter, example: filterExample }),
  headers: headersInput
    .nullable()
    .optional()
    .meta({ description: descriptions.headers, example: { 'X-Team': 'support' } }),
  format: z.enum(endpointFormats, { error: 'Must be recado.' }).optional().meta({ description: descriptions.format }),
  rate_limit: rateLimitSchema.nullable().optional().meta({ description: descriptions.rate_limit }),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: `${descriptions.concurrency} Default: 10.` }),
  sees_numbers: z
    .boolean()
    .optional()
    .meta({ description: `${descriptions.sees_numbers} Default: true.` }),
};

export const createEndpointBody = requestObject({ url, secret: ownSecret, ...settable }).meta({
  example: { url: 'https://example.com/recado', event_types: ['message.received'] },
});
export type CreateEndpoint = z.output<typeof createEndpointBody>;

export const updateEndpointBody = changeBody({
  url: url.optional(),
  ...settable,
  status: z.enum(['active', 'paused'], { error: 'Must be active or paused.' }).optional().meta({
    description: 'paused: deliveries wait. active: deliveries go on, also after Recado disabled the endpoint.',
  }),
});
export type UpdateEndpoint = z.output<typeof updateEndpointBody>;

export const endpointSchema = z
  .strictObject({
    id: idSchema('endpoint'),
    url: z.string().meta({ description: 'Where Recado posts the events.' }),
    description: z.string().nullable().meta({ description: descriptions.description }),
    event_types: z.array(z.string()).nullable().meta({ description: descriptions.event_types }),
    account_ids: z.array(idSchema('account')).nullable().meta({ description: descriptions.account_ids }),
    filter: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: descriptions.filter, example: filterExample }),
    header_names: z.array(z.string()).meta({ description: 'The names of the additional headers.' }),
    format: z.enum(endpointFormats).meta({ description: descriptions.format }),
    rate_limit: rateLimitSchema.nullable().meta({ description: descriptions.rate_limit }),
    concurrency: z.number().int().meta({ description: descriptions.concurrency }),
    sees_numbers: z.boolean().meta({ description: descriptions.sees_numbers }),
    status: z.enum(endpointStatuses).meta({
      description:
        'active: it gets events. paused: deliveries wait for `active`. disabled: Recado stopped it, see `disabled_reason`.',
    }),
    disabled_reason: z.enum(disabledReasons).nullable().meta({
      description:
        'gone: it answered 410. failing: no success for five days. access_lost: the creator lost the rights. Null if it is not disabled.',
    }),
    failing_since: timeSchema
      .nullable()
      .meta({ description: 'The first failure since the last success. Null if the last attempt was a success.' }),
    created_by: idSchema('person')
      .or(idSchema('api_key'))
      .meta({ description: 'Who created it, or chose its events last. It gets no event that they cannot see.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
  })
  .meta({ id: 'Endpoint' });
export type Endpoint = z.infer<typeof endpointSchema>;

const counted = (description: string) =>
  z
    .number()
    .int()
    .nullable()
    .meta({ description: `${description} Null above 10,000.` });

export const shownEndpointSchema = endpointSchema
  .extend({
    deliveries: z
      .strictObject({
        waiting: counted('Deliveries that wait for their first or next attempt.'),
        retrying: counted('Those of them that failed before and are next in their conversation.'),
        failed: counted('Deliveries of the last 30 days without attempts left.'),
      })
      .meta({ description: 'The numbers of deliveries that the endpoint has.' }),
  })
  .meta({ id: 'ShownEndpoint' });

const secret = z.string().nullable().meta({
  description:
    'The secret of the signatures. Recado shows it only in this answer. Null for one that you brought along.',
  example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
});
export const newEndpointSchema = endpointSchema.extend({ secret }).meta({ id: 'NewEndpoint' });
export const endpointPage = pageSchema(endpointSchema).meta({ id: 'EndpointPage' });
export const listEndpointsQuery = z.strictObject(pageQuery);

export const rotateSecretBody = requestObject({
  secret: ownSecret,
  overlap_seconds: z
    .number()
    .int()
    .min(0)
    .max(7 * 86_400)
    .optional()
    .meta({ description: 'For so long the former secret signs each request too. Default: 86400, a day.' }),
}).meta({ example: { overlap_seconds: 3600 } });
export type RotateSecret = z.output<typeof rotateSecretBody>;
export const rotatedSecretSchema = z
  .strictObject({
    secret,
    former_secret_until: timeSchema.meta({
      description: 'Until then the former secret signs too. Earlier ones sign until their own times.',
    }),
  })
  .meta({ id: 'RotatedSecret' });

export const testEndpointBody = requestObject({
  event_type: z
    .string()
    .refine(isEventName, { error: 'Is not a type of event. `GET /api/v1/event-types` lists them.' })
    .optional()
    .meta({
      description: 'Send the example of this type, with `test: true`, instead of `endpoint.test`.',
      example: 'message.received',
    }),
}).meta({ example: { event_type: 'message.received' } });

export const testEndpointSchema = z
  .strictObject({
    event_id: idSchema('event').meta({ description: 'The id of the test event.' }),
    endpoint_status: z
      .enum(['active', 'paused'])
      .meta({ description: 'paused: the event waits until the endpoint is active.' }),
  })
  .meta({ id: 'EndpointTest' });

export const deliveryStatuses = ['waiting', 'succeeded', 'failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Why an attempt failed. */
export const deliveryErrors = [
  'http_status',
  'redirect',
  'gone',
  'timeout',
  'unavailable',
  'link_rejected',
  'event_gone',
  'secret_unreadable',
] as const;
export type DeliveryError = (typeof deliveryErrors)[number];

const httpStatus = z.number().int().nullable().meta({ description: 'The HTTP status. Null if there was no answer.' });
const deliveryError = z.enum(deliveryErrors).nullable().meta({
  description:
    'Why it failed. http_status: not 2xx. redirect: a redirect, which Recado does not follow. gone: 410. timeout: no whole answer in 20 seconds. unavailable: no connection, or it broke off. link_rejected: the address is not public. event_gone: the event was deleted or erased, or the endpoint no longer has the right to it. secret_unreadable: the server lacks its former SECRET_KEY. Null if it did not fail.',
});

export const endpointDeliverySchema = z
  .strictObject({
    id: idSchema('delivery'),
    endpoint_id: idSchema('endpoint'),
    event_id: idSchema('event'),
    event_type: z.string().meta({ description: 'The type of the event.', example: 'message.received' }),
    account_id: idSchema('account').nullable(),
    replay_id: idSchema('endpoint_replay')
      .nullable()
      .meta({ description: 'The replay that made it. Null for others.' }),
    status: z.enum(deliveryStatuses).meta({
      description:
        'waiting: for its first or next attempt. succeeded: answered with 2xx. failed: no attempts are left.',
    }),
    attempt_count: z.number().int().meta({ description: 'The number of attempts so far.' }),
    http_status: httpStatus,
    error: deliveryError,
    next_attempt_at: timeSchema.nullable().meta({
      description: 'Not before this time. It also waits for earlier events of its conversation. Null if it has ended.',
    }),
    created_at: timeSchema.meta({ description: 'The time when Recado queued it.' }),
    ended_at: timeSchema.nullable().meta({ description: 'The time of the success or the last failure.' }),
  })
  .meta({ id: 'EndpointDelivery' });
export type EndpointDelivery = z.infer<typeof endpointDeliverySchema>;

export const deliveryAttemptSchema = z.strictObject({
  number: z.number().int().meta({ description: 'The number of the attempt, from 1.' }),
  started_at: timeSchema.meta({ description: 'The time when the request began.' }),
  duration_ms: z.number().int().meta({ description: 'How long it took, in milliseconds.' }),
  http_status: httpStatus,
  error: deliveryError,
  excerpt: z.string().nullable().meta({ description: 'The first 500 characters of the answer, or of the failure.' }),
  next_attempt_at: timeSchema.nullable().meta({ description: 'The time of the next attempt. Null if there is none.' }),
});
export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>;

export const shownDeliverySchema = endpointDeliverySchema
  .extend({
    event: publicEventSchema.nullable().meta({
      description:
        'The event as it is shown now, so its message may be newer than at the attempt. Null if the event is gone, or you or the endpoint may not see it.',
    }),
    attempts: z.array(deliveryAttemptSchema).meta({ description: 'The newest 100 attempts, oldest first.' }),
  })
  .meta({ id: 'ShownEndpointDelivery' });

export const listDeliveriesQuery = z.strictObject({
  ...pageQuery,
  status: z
    .enum(deliveryStatuses, { error: 'Must be waiting, succeeded or failed.' })
    .optional()
    .meta({ description: 'Only deliveries with this status.' }),
  event_type: z.string().max(100).optional().meta({ description: 'Only events of this type.' }),
  created_since: timeInputSchema.optional().meta({ description: 'Only deliveries that were queued then or later.' }),
  created_until: timeInputSchema.optional().meta({ description: 'Only deliveries that were queued before.' }),
});
export const deliveryPage = pageSchema(endpointDeliverySchema).meta({ id: 'EndpointDeliveryPage' });

export const recoverBody = requestObject({
  since: timeInputSchema.meta({
    description:
      'Deliveries that failed then or later are attempted again, also deliveries that wait for their next attempt.',
  }),
}).meta({ example: { since: '2026-11-24T08:00:00Z' } });
export const createReplayBody = requestObject({
  from: timeInputSchema.meta({ description: 'Events of this time and later.' }),
  until: timeInputSchema.meta({ description: 'Events before this time.' }),
  event_types: eventTypesInput
    .optional()
    .meta({ description: 'Only these event types. Default: all that the endpoint gets.' }),
})
  .refine(...rangeRule)
  .meta({ example: { from: '2026-11-24T08:00:00Z', until: '2026-11-24T09:00:00Z' } });

export const replaySchema = z
  .strictObject({
    id: idSchema('endpoint_replay'),
    endpoint_id: idSchema('endpoint'),
    kind: z.enum(['replay', 'recover']).meta({
      description: 'replay: events of a time are delivered again. recover: failed deliveries are attempted again.',
    }),
    from: timeSchema.meta({ description: 'The begin of the time.' }),
    until: timeSchema.meta({ description: 'The end of the time.' }),
    event_types: z.array(z.string()).nullable().meta({ description: 'Only these event types. Null for all.' }),
    status: z
      .enum(['running', 'done'])
      .meta({ description: 'running: Recado still queues deliveries. done: all are queued.' }),
    examined: z.number().int().meta({
      description:
        'Events or deliveries that were examined so far. What waits behind a failed delivery of its conversation goes on with it, and is not counted.',
    }),
    queued: z.number().int().meta({ description: 'Deliveries that were queued so far.' }),
    created_at: timeSchema.meta({ description: 'The time of the request.' }),
    ended_at: timeSchema.nullable().meta({ description: 'The time when all were queued.' }),
  })
  .meta({ id: 'EndpointReplay' });
export type EndpointReplay = z.infer<typeof replaySchema>;

export const listReplaysQuery = z.strictObject(pageQuery);
export const replayPage = pageSchema(replaySchema).meta({ id: 'EndpointReplayPage' });
