/**
 * Which feature may use which, from the ground up: by imports of its index.ts, and by calls of its SQL functions. A
 * feature that is not named here uses none, and is used by none.
 */
module.exports = {
  contacts: ['queue', 'segments'],
  attempts: ['queue'],
  accounts: ['queue'],
  templates: ['queue'],
  'opt-outs': ['attempts', 'contacts', 'queue'],
  imports: ['contacts', 'opt-outs', 'queue', 'templates'],
  people: ['auth'],
  messages: ['accounts', 'contacts', 'media', 'opt-outs', 'queue', 'templates'],
  sending: ['accounts', 'attempts', 'media', 'messages', 'opt-outs', 'queue'],
  inbound: ['accounts', 'attempts', 'contacts', 'media', 'messages', 'opt-outs', 'queue'],
  outcomes: ['attempts', 'inbound', 'media', 'messages', 'opt-outs', 'queue'],
  identity: ['contacts', 'inbound', 'opt-outs', 'queue'],
  statistics: ['accounts', 'attempts', 'messages', 'queue'],
  privacy: [
    'attempts',
    'campaigns',
    'contacts',
    'events',
    'inbound',
    'links',
    'media',
    'messages',
    'opt-outs',
    'queue',
    'webhooks',
  ],
  events: ['messages'],
  webhooks: ['events'],
  realtime: ['events'],
  sandbox: ['accounts', 'contacts', 'media'],
  links: ['accounts', 'attempts', 'inbound'],
  campaigns: ['contacts', 'media', 'messages', 'opt-outs', 'outcomes', 'queue', 'segments', 'templates'],
  demo: ['accounts', 'events', 'sandbox', 'statistics'],
};
