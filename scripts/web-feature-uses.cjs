/**
 * Which feature of the web app may use which, by its index.ts. A feature that is not named here uses none.
 */
module.exports = {
  accounts: ['demo'],
  alerts: ['accounts'],
  inbox: ['demo', 'opt-outs'],
  'first-run': ['accounts', 'demo', 'inbox'],
  auth: ['first-run'],
  people: ['accounts', 'auth'],
  keys: ['accounts', 'inbox'],
  queue: ['accounts', 'demo'],
  teams: ['accounts'],
  overview: ['accounts', 'campaigns', 'queue'],
  developers: ['accounts', 'contacts', 'inbox'],
  messages: ['inbox'],
  templates: ['inbox'],
  replies: ['accounts', 'inbox'],
  campaigns: ['accounts', 'contacts', 'inbox'],
  contacts: ['inbox', 'opt-outs'],
};
