// The messages of the AsyncAPI document: one for each type of event, and what streams and sockets carry beside them.
import {
  accessChangedSchema,
  acknowledgementSchema,
  behindSchema,
  closedSchema,
  type EventName,
  eventCatalogue,
  eventExample,
  eventNames,
  positionSchema,
  presenceSchema,
  presenceUpdateSchema,
  publicEventSchema,
  resyncRequiredSchema,
  socketAuthSchema,
  socketProblemSchema,
  streamEventsQuery,
  webhookHeadersSchema,
} from '@recado/contract';
import { z } from 'zod';
import { asyncSchemas, type Json, schemaPlace } from './document-schemas.ts';

const ref = (schema: string) => ({ $ref: `${schemaPlace}${schema}` });

/** `message.retry_scheduled` → `MessageRetryScheduledEvent`. */
export const schemaName = (type: string): string =>
  `${type.replace(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}Event`;

const eventSchema = (type: EventName): z.ZodType =>
  publicEventSchema.extend({
    type: z.literal(type).meta({ description: 'The type of the event.' }),
    data: eventCatalogue[type].data.meta({ description: 'What happened.' }),
  });

/** The schemas of all types of events, and the named schemas that they refer to. */
export const eventTypeSchemas = (): Record<string, Json> =>
  asyncSchemas(Object.fromEntries(eventNames.map(type => [schemaName(type), eventSchema(type)])), 'output');

/** All schemas of the document. */
export const eventDocumentSchemas = (): Record<string, Json> => ({
  ...asyncSchemas(
    {
      ...Object.fromEntries(eventNames.map(type => [schemaName(type), eventSchema(type)])),
      WebhookHeaders: webhookHeadersSchema,
      Position: positionSchema,
      ResyncRequired: resyncRequiredSchema,
      AccessChanged: accessChangedSchema,
      Behind: behindSchema,
      Closed: closedSchema,
      Presence: presenceSchema,
      SocketProblem: socketProblemSchema,
      Acknowledgement: acknowledgementSchema,
    },
    'output',
  ),
  ...asyncSchemas(
    { PresenceUpdate: presenceUpdateSchema, SocketAuth: socketAuthSchema, StreamQuery: streamEventsQuery },
    'input',
  ),
});

const contentType = 'application/json';

/** An event, as streams and sockets send it. */
const eventMessage = (type: EventName): Json => ({
  name: type,
  summary: eventCatalogue[type].description,
  contentType,
  payload: ref(schemaName(type)),
  examples: [{ payload: eventExample(type) }],
  'x-permission': eventCatalogue[type].permission,
  'x-since': eventCatalogue[type].since,
});

/** The messages that are no events. */
const otherMessages: Record<string, Json> = {
  resync_required: {
    name: 'resync_required',
    summary: 'The log does not have the event after which you asked. Load what you show again.',
    contentType,
    payload: ref('ResyncRequired'),
  },
  access_changed: {
    name: 'access_changed',
    summary: 'Your role, permissions or accounts changed. You get other events from here on.',
    contentType,
    payload: ref('AccessChanged'),
  },
  closed: {
    name: 'closed',
    summary: 'The server ends the connection, and says why.',
    contentType,
    payload: ref('Closed'),
  },
  behind: {
    name: 'behind',
    summary: 'How far you are behind while you get what you missed: after each page, and 0 once you have all.',
    contentType,
    payload: ref('Behind'),
  },
  position: {
    name: 'position',
    summary: 'You have all events up to this one, also those that your filter or your rights hide.',
    contentType,
    payload: ref('Position'),
  },
  presence: {
    name: 'presence',
    summary: 'Who looks at a conversation, and who types.',
    contentType,
    payload: ref('Presence'),
  },
  problem: {
    name: 'problem',
    summary: 'Why Recado rejected what you sent, if you wanted no acknowledgement.',
    contentType,
    payload: ref('SocketProblem'),
  },
  presence_update: {
    name: 'presence',
    summary: 'What you do in a conversation.',
    contentType,
    payload: ref('PresenceUpdate'),
  },
  acknowledgement: {
    name: 'acknowledgement',
    summary: "Socket.IO's acknowledgement of what you sent, if you wanted one.",
    contentType,
    payload: ref('Acknowledgement'),
  },
  connect: {
    name: 'connect',
    summary: 'What you send at the handshake, as `auth`.',
    contentType,
    payload: ref('SocketAuth'),
  },
};

/** All messages of the document that several channels share. */
export const documentMessages = (): Record<string, Json> => ({
  ...Object.fromEntries(eventNames.map(type => [type, eventMessage(type)])),
  ...otherMessages,
});

/** The messages of a channel: all events, and these. */
export const channelMessages = (others: string[]): Record<string, Json> =>
  Object.fromEntries([...eventNames, ...others].map(name => [name, { $ref: `#/components/messages/${name}` }]));

/** The events as webhooks: the same, with headers. */
export const webhookMessages = (): Record<string, Json> =>
  Object.fromEntries(
    eventNames.map(type => {
      const { examples: _, ...message } = eventMessage(type);
      return [type, { ...message, headers: ref('WebhookHeaders') }];
    }),
  );
