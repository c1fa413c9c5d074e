// Real time: the stream of events over HTTP, the messages of the sockets, and presence.
import { z } from 'zod';
import { problemSchema } from './common.ts';
import { eventFilters, eventPatternSchema, oneSubject, subjectFilters } from './events.ts';
import { idSchema } from './ids.ts';
import { roles } from './permissions.ts';

export const streamEventsQuery = z
  .strictObject({
    ...eventFilters,
    after: idSchema('event').optional().meta({
      description: 'The id of the last event that you have. Default: only new events. The header `Last-Event-ID` wins.',
    }),
  })
  .refine(...oneSubject);

/** What a socket sends at the handshake, as `auth`. */
export const socketAuthSchema = z
  .strictObject({
    token: z.string().max(4_096).optional().meta({
      description: 'An API key or an access token. Pages of Recado itself send their session cookie instead.',
    }),
    after: idSchema('event')
      .optional()
      .meta({ description: 'The id of the last event that you have. Default: only new events.' }),
    types: z
      .array(eventPatternSchema)
      .max(100)
      .optional()
      .meta({ description: 'Only these types of events, such as `message.*`.' }),
    accounts: z
      .array(idSchema('account'))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Only events of these accounts.' }),
    ...subjectFilters,
    presence: z.boolean().optional().meta({
      description:
        'Whether a person gets the presence of all conversations that they may read. Default: of those only where they are.',
    }),
  })
  .refine(...oneSubject)
  .meta({ id: 'SocketAuth' });

export type SocketAuth = z.infer<typeof socketAuthSchema>;

/** The position up to which a client has all events that it may see. */
export const positionSchema = z
  .strictObject({
    last_id: idSchema('event').meta({ description: 'Go on after this event when you connect again.' }),
  })
  .meta({ id: 'Position' });

export const resyncRequiredSchema = z
  .strictObject({
    reason: z.literal('not_found').meta({ description: 'The log has no event with the id that you gave.' }),
    last_id: idSchema('event')
      .nullable()
      .meta({ description: 'The newest event. Load what you show again, then connect with it as `after`.' }),
  })
  .meta({ id: 'ResyncRequired' });

/** How far a client is behind that reads what it missed. */
export const behindSchema = z
  .strictObject({
    seconds: z.number().int().meta({
      description: 'The time from the event that you got last to the newest one. 0: you have all.',
      example: 42,
    }),
  })
  .meta({ id: 'Behind' });

/** Why the server closes a connection. */
export const closeCodes = [
  'unauthorized',
  'slow_client',
  'too_many_messages',
  'unavailable',
  'server_stopping',
] as const;

export type CloseCode = (typeof closeCodes)[number];

export const closedSchema = z
  .strictObject({
    code: z.enum(closeCodes).meta({ description: 'Why the server closes the connection.' }),
    detail: z.string().meta({ description: 'The same as a sentence, and what to do.' }),
  })
  .meta({ id: 'Closed' });

/** That a caller may see other events from here on. */
export const accessChangedSchema = z
  .strictObject({
    role: z.enum(roles).nullable().meta({ description: 'Your role in the workspace now. Null for an API key.' }),
  })
  .meta({ id: 'AccessChanged' });

export const presenceStates = ['viewing', 'typing', 'away'] as const;

export type PresenceState = (typeof presenceStates)[number];

/** What a socket sends of its person. */
export const presenceUpdateSchema = z
  .strictObject({
    conversation_id: idSchema('conversation'),
    state: z.enum(presenceStates).meta({
      description: 'What the person does there. Repeat it within 30 seconds, or the person counts as away.',
    }),
  })
  .meta({ id: 'PresenceUpdate' });

export const presenceSchema = z
  .strictObject({
    conversation_id: idSchema('conversation'),
    people: z
      .array(
        z.strictObject({
          person_id: idSchema('person'),
          name: z.string().meta({ description: 'The name of the person.', example: 'Ana' }),
          state: z.enum(['viewing', 'typing']).meta({ description: 'What the person does there.' }),
        }),
      )
      .meta({ description: 'Everybody who views the conversation, you included.' }),
  })
  .meta({ id: 'Presence' });

export type Presence = z.infer<typeof presenceSchema>;

/** An error, as a socket gets it: the fields of a problem document. */
export const socketProblemSchema = problemSchema
  .omit({ type: true, request_id: true, last_id: true, came: true })
  .extend({
    retry_after: z.number().int().optional().meta({ description: 'Repeat it after this many seconds.' }),
  })
  .meta({ id: 'SocketProblem' });

export type SocketProblem = z.infer<typeof socketProblemSchema>;

/** The acknowledgement of what a socket sent. */
export const acknowledgementSchema = z
  .strictObject({
    ok: z.literal(true).optional().meta({ description: 'True if it was accepted.' }),
    error: socketProblemSchema.optional().meta({ description: 'Why it was rejected.' }),
  })
  .meta({ id: 'Acknowledgement' });
