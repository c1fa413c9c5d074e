// The events in the OpenAPI document: a union that `type` discriminates, and the webhook that endpoints get.
import { type EventName, eventNames } from '@recado/contract';
import { type Json, schemaPlace } from './document-schemas.ts';
import { eventTypeSchemas, schemaName } from './event-messages.ts';

const ref = (name: string) => ({ $ref: `${schemaPlace}${name}` });

/** What a program does that gets an event of a later version. */
const later = 'An event of a type that this version of Recado does not have. Ignore it.';

/** Gives the schema `Event` a branch for each type, and one for types of later versions. Adds the webhook. */
export function typeEvents(document: Json): void {
  const { schemas } = document.components;
  const open = schemas.Event;
  const typed = eventTypeSchemas();
  shareData(typed);
  // A shape without fields.
  for (const { properties } of Object.values(typed))
    if (properties?.data?.properties && Object.keys(properties.data.properties).length === 0)
      delete properties.data.properties;
  for (const [name, schema] of Object.entries(typed)) schemas[name] ??= schema;
  const unknown = { ...open.properties.type, not: { enum: eventNames }, example: 'message.of_later' };
  schemas.OtherEvent = { ...open, description: later, properties: { ...open.properties, type: unknown } };
  schemas.Event = {
    description: 'An event. `type` says what `data` is. Later versions have more types.',
    oneOf: [...eventNames.map(schemaName), 'OtherEvent'].map(ref),
    discriminator: {
      propertyName: 'type',
      mapping: Object.fromEntries(eventNames.map(type => [type, ref(schemaName(type)).$ref])),
    },
  };
  document.webhooks = { event: { post: webhook } };
}

/** `message.retry_scheduled` → `MessageEventData`. */
const sharedName = (type: EventName): string => `${schemaName(type.split('.')[0] ?? type)}Data`;

/** Types with the same data share a schema of it, the first such of each group: its code is made once. */
function shareData(schemas: Record<string, Json>): void {
  const byShape = new Map<string, EventName[]>();
  for (const type of eventNames) {
    const shape = JSON.stringify(schemas[schemaName(type)].properties.data);
    byShape.set(shape, [...(byShape.get(shape) ?? []), type]);
  }
  for (const [shape, [first, ...others]] of byShape) {
    if (first === undefined || others.length === 0 || sharedName(first) in schemas) continue;
    schemas[sharedName(first)] = JSON.parse(shape);
    for (const type of [first, ...others]) schemas[schemaName(type)].properties.data = ref(sharedName(first));
  }
}

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

const webhook: Json = {
  tags: ['Endpoints'],
  operationId: 'receiveEvent',
  summary: 'Recado posts an event to your endpoint',
  description:
    'Verify the signature over the body as it came, and answer within 20 seconds. An event may come again, with the same id. The events of a conversation come in order.',
  parameters: [
    header('webhook-id', 'The id of the event. The same wherever and however often you get it.'),
    header('webhook-timestamp', 'The time of this attempt, in seconds since 1970.'),
    header('webhook-signature', 'The signatures, after Standard Webhooks 1.0.'),
  ],
  requestBody: { required: true, content: { 'application/json': { schema: ref('Event') } } },
  security: [],
  responses: {
    '2XX': { description: 'You have the event.' },
    410: { description: 'You want no more: Recado disables the endpoint.' },
    default: { description: 'Recado repeats the event, up to nine times over three days.' },
  },
};
