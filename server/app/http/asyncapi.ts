// The AsyncAPI document: the events of a workspace, and the three ways in which they come.
import type { Json } from './document-schemas.ts';
import { channelMessages, documentMessages, eventDocumentSchemas, webhookMessages } from './event-messages.ts';
import { securitySchemes } from './openapi.ts';

const introduction = `Everything that happens in a workspace is an event. All three ways have the same events, in the same order:

- **Webhooks**: Recado posts each event to your endpoints, signed as Standard Webhooks 1.0 describes. Create endpoints with \`POST /api/v1/endpoints\`.
- **Server-sent events**: one request, and the events as they happen.
- **Socket.IO**: the same for web pages, with presence.

You can also read events with \`GET /api/v1/events\`: see the OpenAPI document at \`/openapi.json\`.

- **Twice**: an event may come again after a failure. \`id\` stays the same.
- **Going on**: give the id of the last event that you have. You get what came after it.
- **Permissions**: you get the events that your permissions and accounts allow. \`x-permission\` names the permission of each type.
- **New types and fields** come with new versions: ignore those that you do not know. \`x-since\` names the version that introduced a type.`;

/** What sockets get beside the events. */
const toSockets = ['resync_required', 'access_changed', 'behind', 'closed', 'position', 'presence', 'problem'];

const channel = (name: string) => ({ $ref: `#/channels/${name}` });
const server = (name: string) => ({ $ref: `#/servers/${name}` });
const message = (of: string, name: string) => ({ $ref: `#/channels/${of}/messages/${name}` });
const security = (...names: string[]) => names.map(name => ({ $ref: `#/components/securitySchemes/${name}` }));
const host = {
  description: 'The host of your Recado.',
  default: 'localhost:3000',
};

/** The document, for this version of Recado. */
export const asyncApiDocument = (version: string): Json => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Recado events',
    version,
    description: introduction,
    license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
  },
  defaultContentType: 'application/json',
  servers: {
    http: { host: '{host}', protocol: 'https', description: 'Server-sent events.', variables: { host } },
    socket: { host: '{host}', protocol: 'wss', description: 'Socket.IO 4.', variables: { host } },
    endpoint: {
      host: '{endpoint}',
      protocol: 'https',
      description: 'Your own server. Recado posts events to it.',
      variables: { endpoint: { description: 'The host of the `url` of the endpoint.', default: 'example.com' } },
    },
  },
  channels: {
    webhook: {
      title: 'Webhooks',
      description: 'The `url` of an endpoint. An endpoint gets the events that its settings choose.',
      servers: [server('endpoint')],
      messages: webhookMessages(),
    },
    stream: {
      title: 'Server-sent events',
      description:
        'Each block has the id of the event as `id`, and the event as `data`. A block of another type has `event`. A block without data only moves the id.',
      address: '/api/v1/events/stream',
      servers: [server('http')],
      messages: channelMessages(['resync_required', 'access_changed', 'behind', 'closed']),
    },
    socket: {
      title: 'Socket.IO',
      description:
        'The path of Socket.IO 4, with the transport `websocket` only. Each event comes as `event`. Other messages come under their names.',
      address: '/socket.io',
      servers: [server('socket')],
      messages: channelMessages([...toSockets, 'presence_update', 'acknowledgement', 'connect']),
    },
  },
  operations: operations(),
  components: {
    messages: documentMessages(),
    schemas: eventDocumentSchemas(),
    securitySchemes: {
      person: securitySchemes.person,
      key: securitySchemes.key,
      cookie: { ...securitySchemes.cookie, type: 'httpApiKey' },
      signature: {
        type: 'httpApiKey',
        in: 'header',
        name: 'webhook-signature',
        description: 'Recado signs with the secret of the endpoint. Check the signature before you use the body.',
      },
    },
  },
});

const operations = (): Json => ({
  postEvent: {
    action: 'send',
    channel: channel('webhook'),
    summary: 'Recado posts an event',
    description:
      'Respond with 2xx within 20 seconds. After any other response Recado repeats the event, up to nine times over three days. A 410 disables the endpoint. The events of a conversation come in order.',
    security: security('signature'),
    bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
  },
  streamEvents: {
    action: 'send',
    channel: channel('stream'),
    summary: 'Recado streams events',
    description:
      'Send `Accept: text/event-stream`. To go on after a break, send the last id as `Last-Event-ID` or `after`.',
    security: security('person', 'key', 'cookie'),
    bindings: {
      http: { method: 'GET', query: { $ref: '#/components/schemas/StreamQuery' }, bindingVersion: '0.3.0' },
    },
  },
  connect: {
    action: 'receive',
    channel: channel('socket'),
    summary: 'A client connects',
    description: 'To go on after a break, send the last id as `after`.',
    messages: [message('socket', 'connect')],
    security: security('person', 'key', 'cookie'),
  },
  emitEvents: {
    action: 'send',
    channel: channel('socket'),
    summary: 'Recado emits events and presence',
    messages: Object.keys(channelMessages(toSockets)).map(name => message('socket', name)),
    security: security('person', 'key', 'cookie'),
  },
  updatePresence: {
    action: 'receive',
    channel: channel('socket'),
    summary: 'A person looks at a conversation, types, or leaves',
    description: 'Repeat it within 30 seconds. API keys have no presence.',
    messages: [message('socket', 'presence_update')],
    reply: { channel: channel('socket'), messages: [message('socket', 'acknowledgement')] },
    security: security('person', 'cookie'),
  },
});
