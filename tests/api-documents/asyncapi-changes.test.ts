// Each kind of change of an AsyncAPI document: what breaks clients is reported, and nothing else is.
import { describe, expect, test } from 'vitest';
import { type AsyncApiDocument, asyncApiChanges } from './asyncapi-changes.ts';

const message = (name: string) => ({ $ref: `#/components/messages/${name}` });
const of = (channel: string, name: string) => ({ $ref: `#/channels/${channel}/messages/${name}` });
const data = (field: string) => ({
  payload: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] },
});

const document = () => ({
  servers: { http: { host: 'example.com', protocol: 'http' } },
  channels: {
    stream: {
      address: '/stream',
      messages: { 'message.sent': message('message.sent'), 'message.read': message('message.read') },
    },
    socket: { address: '/socket', messages: { presence: message('presence'), people: message('people') } },
    webhook: {
      messages: {
        'message.sent': {
          ...data('id'),
          headers: { type: 'object', properties: { 'webhook-id': { type: 'string' } } },
        },
      },
    },
  },
  operations: {
    sendStream: {
      action: 'send',
      channel: { $ref: '#/channels/stream' },
      bindings: { http: { query: { type: 'object', properties: { after: { type: 'string' } } } } },
      security: [{ $ref: '#/components/securitySchemes/person' }, { $ref: '#/components/securitySchemes/key' }],
    },
    receivePresence: {
      action: 'receive',
      channel: { $ref: '#/channels/socket' },
      messages: [of('socket', 'presence')],
      reply: { messages: [of('socket', 'people')] },
    },
    postEvents: { action: 'send', channel: { $ref: '#/channels/webhook' } },
  },
  components: {
    messages: {
      'message.sent': data('id'),
      'message.read': { 'x-permission': 'messages.read', payload: { $ref: '#/components/schemas/Read' } },
      presence: data('state'),
      people: data('names'),
    },
    schemas: { Read: { type: 'object', properties: { at: { type: 'string' } } } },
  },
});

type Document = ReturnType<typeof document>;

function reports(change: (now: Document) => void): string[] {
  const now: Document = JSON.parse(JSON.stringify(document()));
  change(now);
  const changes = asyncApiChanges(document() as AsyncApiDocument, now as AsyncApiDocument);
  return changes.map(({ place, what }) => `${place} ${what}`);
}

const drop = (object: object, name: string): void => void delete (object as Record<string, unknown>)[name];
const addField = (part: { payload: { required: string[]; properties: object } }): void => {
  part.payload.required.push('more');
  Object.assign(part.payload.properties, { more: { type: 'string' } });
};

describe('what breaks clients', () => {
  const cases: [string, (now: Document) => void, string[]][] = [
    ['a removed server', now => drop(now.servers, 'http'), ['server http was removed']],
    ['another protocol', now => Object.assign(now.servers.http, { protocol: 'ws' }), ['server http speaks ws now']],
    [
      'a removed channel',
      now => {
        drop(now.channels, 'webhook');
        drop(now.operations, 'postEvents');
      },
      ['channel webhook was removed', 'operation postEvents was removed'],
    ],
    [
      'another address',
      now => Object.assign(now.channels.stream, { address: '/other' }),
      ['channel stream has the address /other now'],
    ],
    [
      'an event type that a channel lost',
      now => drop(now.channels.stream.messages, 'message.read'),
      ['channel stream message message.read was removed'],
    ],
    [
      'an event type that is gone',
      now => {
        drop(now.components.messages, 'message.sent');
        drop(now.channels.stream.messages, 'message.sent');
        drop(now.channels.webhook.messages, 'message.sent');
      },
      ['channel stream message message.sent was removed', 'channel webhook message message.sent was removed'],
    ],
    ['a removed operation', now => drop(now.operations, 'sendStream'), ['operation sendStream was removed']],
    [
      'an operation in the other direction',
      now => Object.assign(now.operations.sendStream, { action: 'receive' }),
      ['operation sendStream is a receive now'],
    ],
    [
      'an operation on another channel',
      now => Object.assign(now.operations.postEvents, { channel: { $ref: '#/channels/stream' } }),
      ['operation postEvents is on the channel stream now'],
    ],
    [
      'a lost credential',
      now => now.operations.sendStream.security.pop(),
      ['operation sendStream no longer accepts key'],
    ],
    [
      'another permission of an event',
      now => Object.assign(now.components.messages['message.read'], { 'x-permission': 'messages.send' }),
      ['message.read needs the permission messages.send now'],
    ],
    [
      'a removed parameter',
      now => drop(now.operations.sendStream.bindings.http.query.properties, 'after'),
      ['operation sendStream query.after was removed'],
    ],
    [
      'a message that an operation lost',
      now => Object.assign(now.operations.receivePresence, { messages: [] }),
      ['operation receivePresence message presence was removed'],
    ],
    [
      'a lost reply',
      now => drop(now.operations.receivePresence, 'reply'),
      ['operation receivePresence reply people was removed'],
    ],
    [
      'a removed field of an event that is written in a channel',
      now => drop(now.channels.webhook.messages['message.sent'].payload.properties, 'id'),
      ['message.sent.id was removed'],
    ],
    [
      'a removed field of an event',
      now => drop(now.components.messages['message.sent'].payload.properties, 'id'),
      ['message.sent.id was removed'],
    ],
    [
      'a field of an event that may be absent',
      now => Object.assign(now.components.messages['message.sent'].payload, { required: [] }),
      ['message.sent.id may now be absent'],
    ],
    [
      'a removed header of a webhook',
      now => drop(now.channels.webhook.messages['message.sent'].headers.properties, 'webhook-id'),
      ['message.sent headers.webhook-id was removed'],
    ],
    ['a change of a named schema', now => drop(now.components.schemas.Read.properties, 'at'), ['Read.at was removed']],
    [
      'a new required field of what clients emit',
      now => addField(now.components.messages.presence),
      ['presence.more is required now'],
    ],
    [
      'a removed field of a reply',
      now => drop(now.components.messages.people.payload.properties, 'names'),
      ['people.names was removed'],
    ],
  ];
  test.each(cases)('%s is reported', (_, change, expected) => expect(reports(change)).toEqual(expected));
});

describe('what breaks nobody', () => {
  const cases: [string, (now: Document) => void][] = [
    ['the same document', () => {}],
    [
      'a new event type',
      now => {
        Object.assign(now.components.messages, { 'message.new': data('id') });
        Object.assign(now.channels.stream.messages, { 'message.new': message('message.new') });
      },
    ],
    ['a new field of an event', now => addField(now.components.messages['message.sent'])],
    ['a new field of a reply', now => addField(now.components.messages.people)],
    [
      'an optional field of what clients emit',
      now => Object.assign(now.components.messages.presence.payload, { required: [] }),
    ],
  ];
  test.each(cases)('%s is not reported', (_, change) => expect(reports(change)).toEqual([]));
});
