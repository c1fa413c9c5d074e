// Events as the API shows them, and how lists and streams filter them.
import { z } from 'zod';
import { rangeRule, timeInputSchema, timeSchema } from './common.ts';
import { type EventName, eventCatalogue, eventNames, isEventName } from './event-catalogue.ts';
import { idExamples, idSchema } from './ids.ts';

/** An event of any type. The schema of `data` follows from the type: see `eventCatalogue`. */
export const publicEventSchema = z
  .strictObject({
    id: idSchema('event').meta({ description: 'The id of the event. The same wherever and however often you get it.' }),
    type: z.string().meta({ description: 'The type of the event.', example: 'message.received' }),
    timestamp: timeSchema.meta({ description: 'The time when Recado recorded the event.' }),
    workspace_id: idSchema('workspace'),
    account_id: idSchema('account').nullable().meta({ description: 'The account that it is about, if any.' }),
    data: z.record(z.string(), z.unknown()).meta({ description: 'What happened, depending on the type.' }),
    test: z
      .literal(true)
      .optional()
      .meta({ description: 'True for an example that somebody sent to an endpoint to try it: nothing happened.' }),
  })
  .meta({ id: 'Event' });

export interface PublicEvent {
  id: string;
  type: EventName;
  timestamp: string;
  workspace_id: string;
  account_id: string | null;
  data: Record<string, unknown>;
  test?: true;
}

const typePattern = /^([a-z_]+\.[a-z_]+|[a-z_]+\.\*)$/;

/** A type, or all of a group: `message.*`. */
export const eventPatternSchema = z
  .string()
  .regex(typePattern, { error: 'Must be a type of event like message.received, or message.*.' })
  .refine(pattern => namesOf(pattern).length > 0, {
    error: 'Is not a type of event. `GET /api/v1/event-types` lists them.',
  })
  .meta({ description: 'A type of event, or a group of them.', example: 'message.*' });

/** The types that a pattern names. */
export function namesOf(pattern: string): EventName[] {
  if (!pattern.endsWith('.*')) return isEventName(pattern) ? [pattern] : [];
  const group = pattern.slice(0, -1);
  return eventNames.filter(name => name.startsWith(group));
}

const typesQuery = z
  .string()
  .max(2_000)
  .transform(text => text.split(',').map(part => part.trim()))
  .pipe(z.array(eventPatternSchema))
  .meta({
    type: 'string',
    items: undefined,
    description: 'Only these types, separated by commas: `message.received,account.*`.',
    example: 'message.received,account.*',
  });

/** What the events of a reader may be about. */
export const eventSubjects = ['message_id', 'conversation_id', 'contact_id'] as const;

/** The filters of a reader by what events are about. */
export const subjectFilters = {
  message_id: idSchema('message').optional().meta({ description: 'Only events of this message.' }),
  conversation_id: idSchema('conversation').optional().meta({
    description: 'Only events of this conversation and of its messages; of older events, of its newest 1,000.',
  }),
  contact_id: idSchema('contact').optional().meta({
    description: 'Only events of this contact and of its messages; of older events, of its newest 1,000.',
  }),
};

type SubjectWish = { [name in (typeof eventSubjects)[number]]?: string | undefined };

/** A reader asks for one of them at most. */
export const oneSubject: [(wish: SubjectWish) => boolean, { path: string[]; error: string }] = [
  wish => eventSubjects.filter(name => wish[name] !== undefined).length <= 1,
  { path: ['message_id'], error: 'Give one of message_id, conversation_id and contact_id.' },
];

/** The filters that a stream and the list share. */
export const eventFilters = {
  types: typesQuery.optional(),
  account_id: idSchema('account').optional().meta({ description: 'Only events of this account.' }),
  ...subjectFilters,
};

const upTo = (max: number) => ({ error: `Must be a whole number from 0 to ${max}.` });

export const listEventsQuery = z
  .strictObject({
    ...eventFilters,
    from: timeInputSchema.optional().meta({ description: 'Only events at or after this time.' }),
    until: timeInputSchema.optional().meta({ description: 'Only events before this time.' }),
    after: idSchema('event').or(z.literal('latest')).optional().meta({
      description:
        'The id of the last event that you have. `latest`: an empty page with the newest id as `last_id`. Default: the oldest event that there is.',
    }),
    before: idSchema('event').or(z.literal('latest')).optional().meta({
      description:
        'Newest first instead: the events before this one. `latest`: the newest. The next page is `before` the `last_id`.',
    }),
    limit: z
      .string()
      .regex(/^\d{1,9}$/, { error: 'Must be a whole number from 1 to 1000.' })
      .transform(Number)
      .pipe(z.number().min(1, { error: 'Must be at least 1.' }).max(1000, { error: 'Must be at most 1000.' }))
      .optional()
      .meta({
        type: 'integer',
        pattern: undefined,
        minimum: 1,
        maximum: 1000,
        description: 'Page size. Default: 100.',
      }),
    wait: z
      .string()
      .regex(/^\d{1,2}$/, upTo(30))
      .transform(Number)
      .pipe(z.number().max(30, upTo(30)))
      .optional()
      .meta({
        type: 'integer',
        pattern: undefined,
        minimum: 0,
        maximum: 30,
        description: 'For how many seconds to wait for an event where there is none yet. Default: 0.',
      }),
  })
  .refine(...rangeRule)
  .refine(({ after, before }) => after === undefined || before === undefined, {
    path: ['before'],
    error: 'Give after or before, not both.',
  })
  .refine(...oneSubject)
  .refine(
    ({ wait, before, from, until, conversation_id, contact_id }) =>
      !wait || [before, from, until, conversation_id, contact_id].every(given => given === undefined),
    { path: ['wait'], error: 'Goes with after, types, account_id and message_id only.' },
  );

export const eventPage = z
  .strictObject({
    data: z.array(publicEventSchema).meta({ description: 'The events, in order.' }),
    has_more: z.boolean().meta({ description: 'True if there are more events now.' }),
    last_id: idSchema('event').nullable().meta({
      description: 'The `after`, or the `before`, of the next request. Null where there is no event yet.',
    }),
  })
  .meta({ id: 'EventPage' });

export const eventTypePage = z
  .strictObject({
    data: z
      .array(
        z.strictObject({
          type: z.string().meta({ description: 'The type.', example: 'message.received' }),
          description: z.string().meta({ description: 'What happened.' }),
          permission: z.string().meta({ description: 'The permission that shows such events.' }),
          since: z.string().meta({ description: 'The version that introduced the type.', example: '0.1.0' }),
          schema: z.record(z.string(), z.unknown()).meta({ description: 'The JSON Schema of `data`.' }),
          example: publicEventSchema.meta({ description: 'An event of this type.' }),
        }),
      )
      .meta({ description: 'All types.' }),
  })
  .meta({ id: 'EventTypes' });

/** An example of an event of this type. */
export const eventExample = (type: EventName): PublicEvent => ({
  id: idExamples.event,
  type,
  timestamp: '2026-11-24T15:04:05.678Z',
  workspace_id: idExamples.workspace,
  account_id: /^(message|media|account|conversation|note)\./.test(type) ? idExamples.account : null,
  data: eventCatalogue[type].example as Record<string, unknown>,
});
