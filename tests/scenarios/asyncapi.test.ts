// The AsyncAPI document says what events really are: all types, in all channels, with their fields explained.
import { eventCatalogue, eventNames } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closedAnswers, type Schema, writtenOut } from '../openapi/document.ts';
import { mismatches } from '../openapi/schema.ts';
import { openSocket } from '../setup/event-clients.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

interface Message {
  payload: Schema;
  headers?: Schema;
  examples?: { payload: unknown }[];
  'x-permission'?: string;
  'x-since'?: string;
}

interface Document {
  asyncapi: string;
  info: { version: string };
  channels: Record<string, { messages: Record<string, Message | { $ref: string }> }>;
  operations: Record<string, { action: string; channel: { $ref: string } }>;
  components: { messages: Record<string, Message>; schemas: Record<string, Schema> };
}

let scenario: Scenario;
let document: Document;

beforeAll(async () => {
  scenario = await openWorkspace();
  document = (await scenario.as(undefined)('GET', '/api/v1/asyncapi.json')).body;
});
afterAll(() => scenario.close());

/** A schema with its references written out, closed: our own events have no field that the document lacks. */
const whole = (schema: Schema = {}) => closedAnswers(writtenOut(schema, document)) as Schema;

/** What is wrong with an event of the program. */
const wrongWith = (event: { type: string }) =>
  mismatches(whole(document.components.messages[event.type]?.payload), event);

test('it is AsyncAPI 3 of this version', async () => {
  const openApi = (await scenario.as(undefined)('GET', '/openapi.json')).body;
  expect(document.asyncapi).toBe('3.0.0');
  expect(document.info.version).toBe(openApi.info.version);
});

test('every channel has every type of event of the catalogue', () => {
  expect(Object.keys(document.channels)).toEqual(['webhook', 'stream', 'socket']);
  for (const { messages } of Object.values(document.channels))
    expect(Object.keys(messages)).toEqual(expect.arrayContaining(eventNames));
  const told = eventNames.map(name => document.components.messages[name]);
  expect(told.map(message => [message?.['x-permission'], message?.['x-since']])).toEqual(
    eventNames.map(name => [eventCatalogue[name].permission, eventCatalogue[name].since]),
  );
});

test('webhooks have the same payloads as streams, and the headers of Standard Webhooks', () => {
  for (const [name, message] of Object.entries(document.channels.webhook?.messages ?? {})) {
    if (!('payload' in message)) throw new Error(`${name} is a reference`);
    expect(message.payload).toEqual(document.components.messages[name]?.payload);
    expect(whole(message.headers).required).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature']);
  }
});

test('every example is such an event, and the events of the program are', async () => {
  const examples = eventNames.map(name => document.components.messages[name]?.examples?.[0]?.payload);
  const wrong = examples.map(example => wrongWith(example as { type: string }));
  expect(wrong).toEqual(eventNames.map(() => []));
  const { type: _, ...nameless } = examples[0] as { type: string };
  expect(mismatches(whole(document.components.messages[eventNames[0] ?? '']?.payload), nameless)).toEqual([
    '$.type is missing',
  ]);

  await scenario.send();
  await scenario.settle();
  const read = async (): Promise<{ type: string }[]> => (await scenario.api('GET', '/api/v1/events')).body.data;
  await expect
    .poll(async () => (await read()).map(({ type }) => type))
    .toEqual(expect.arrayContaining(['message.queued', 'message.read']));
  const data = await read();
  expect(data.map(event => wrongWith(event))).toEqual(data.map(() => []));
});

test('what a socket gets beside events is as the document says', async () => {
  const { url } = scenario.recado;
  const token = await scenario.token();
  const message = await scenario.send();
  const client = await openSocket(url ?? '', { token });
  client.socket.emit('presence', { conversation_id: message.conversation_id, state: 'typing' });
  client.socket.emit('presence', { conversation_id: message.conversation_id, state: 'asleep' });
  await expect.poll(() => client.told.map(({ name }) => name)).toEqual(expect.arrayContaining(['presence', 'problem']));
  const answers = await Promise.all(
    ['away', 'asleep'].map(state =>
      client.socket.emitWithAck('presence', { conversation_id: message.conversation_id, state }),
    ),
  );
  expect(answers).toMatchObject([{ ok: true }, { error: { code: 'invalid_request' } }]);
  client.drop();
  const late = await openSocket(url ?? '', { token, after: 'evt_01k9m3q5w8e00r00000002c6v0' });
  await late.ended;
  const told = [...client.told, ...late.told];
  expect(told.map(({ name }) => name)).toContain('resync_required');
  const acknowledged = answers.map(data => ({ name: 'acknowledgement', data }));
  for (const { name, data } of [...told, ...acknowledged])
    expect([name, mismatches(whole(document.components.messages[name]?.payload), data)]).toEqual([name, []]);
});

test('every field is explained, events are open to new fields, and nothing is listed that nobody uses', () => {
  const mute: string[] = [];
  const walk = (schema: Schema, place: string): void => {
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      if (!field.description && !field.$ref) mute.push(`${place}.${name}`);
      walk(field, `${place}.${name}`);
    }
    if (schema.items) walk(schema.items, `${place}[]`);
    for (const each of schema.anyOf ?? []) walk(each, place);
  };
  for (const [name, schema] of Object.entries(document.components.schemas)) walk(schema, name);
  expect(mute).toEqual([]);
  const closed = Object.entries(document.components.schemas).filter(([, schema]) =>
    JSON.stringify(schema).includes('"additionalProperties":false'),
  );
  expect(closed.map(([name]) => name)).toEqual(['PresenceUpdate', 'SocketAuth', 'StreamQuery']);
  const text = JSON.stringify(document);
  for (const kind of ['schemas', 'messages'] as const)
    expect(
      Object.keys(document.components[kind]).filter(name => !text.includes(`"#/components/${kind}/${name}"`)),
    ).toEqual([]);
});
