// The owners of each table: only files in their folders write it.

/** The steps of one delivery. They write its tables together, in statements that belong to one transaction. */
const delivery = ['queue', 'attempts', 'messages', 'sending', 'outcomes'];

export const tableOwners = {
  account: 'accounts',
  alert: 'alerts',
  alert_channel: 'alerts',
  alert_delivery: 'alerts',
  alert_quiet: 'alerts',
  alert_round: 'alerts',
  alert_setting: 'alerts',
  alert_rule: 'alerts',
  alert_watch: 'alerts',
  backup_run: 'backups',
  meta_app: 'accounts',
  cost_account: 'cost',
  cost_count: 'cost',
  cost_delta: 'cost',
  cost_setting: 'cost',
  daily_usage: 'queue',
  daily_received: 'inbound',
  api_key: 'keys',
  applied_signal: 'inbound',
  attempt: delivery,
  audit_entry: 'kit',
  audit_reason: 'kit',
  campaign: 'campaigns',
  campaign_count: 'campaigns',
  campaign_delta: 'campaigns',
  campaign_recipient: 'campaigns',
  campaign_setting: 'campaigns',
  contact: 'contacts',
  contact_address: 'contacts',
  contact_field: 'contacts',
  contact_import: 'imports',
  contact_import_part: 'imports',
  contact_import_row: 'imports',
  contact_label: 'contacts',
  contact_merge: 'contacts',
  // Its counts and its limits change with each delivery.
  conversation: ['contacts', 'team', ...delivery],
  conversation_change: 'team',
  conversation_label: 'contacts',
  dead_letter: 'inbound',
  delivery_attempt: 'webhooks',
  delivery_lane: 'webhooks',
  ended_delivery: 'webhooks',
  open_delivery: 'webhooks',
  endpoint: 'webhooks',
  endpoint_replay: 'webhooks',
  episode: 'team',
  erased_inbound: 'inbound',
  erasure: 'privacy',
  event: 'events',
  event_listener: 'webhooks',
  former_address: 'contacts',
  function_set: 'kit',
  idempotency: 'kit',
  inbound_payload: 'inbound',
  invitation: 'people',
  label: 'contacts',
  lane: delivery,
  list_delta: 'statistics',
  list_count: 'statistics',
  login_failure: 'auth',
  media: 'media',
  media_content: 'media',
  media_conversion: 'media',
  media_upload: 'media',
  membership: 'people',
  message: delivery,
  open_message: delivery,
  opt_out: 'opt-outs',
  opt_out_address: 'opt-outs',
  opt_out_answer: 'opt-outs',
  opt_out_ledger: 'opt-outs',
  opt_out_setting: 'opt-outs',
  opt_out_suggestion: 'opt-outs',
  message_batch: 'messages',
  message_reaction: 'messages',
  message_delta: 'statistics',
  message_count: 'statistics',
  outbound_count: 'statistics',
  latency_count: 'statistics',
  // The record of a call says how long it took.
  latency_delta: ['statistics', 'attempts'],
  message_gauge: 'statistics',
  orphan_receipt: 'attempts',
  password_reset: 'auth',
  person: 'auth',
  rate: 'cost',
  rate_card: 'cost',
  read_mark: 'inbound',
  reconciliation: 'cost',
  recovery_code: 'auth',
  hook: 'hooks',
  hook_call: 'hooks',
  request: 'requests',
  refresh_token: 'auth',
  session: 'auth',
  segment: 'segments',
  segment_member: 'segments',
  template: 'templates',
  template_change: 'templates',
  setup_token: 'auth',
  worker: 'engine',
  wall_view: 'wall-views',
  web_session: 'links',
  web_session_key: 'links',
  installation_setting: 'links',
  workspace: 'workspace',
};

/** Tables that every feature may insert into, and that only the owner changes. */
export const appendOnly = ['event'];

/** Other folders that still write another owner's table. The list may only shrink. */
export const sharedTables = {
  account: ['inbound'],
  conversation: ['identity', 'inbound'],
  event: ['inbound'],
  membership: ['auth'],
  message: ['identity', 'inbound', 'media'],
  open_message: ['identity', 'inbound'],
  read_mark: ['identity'],
  workspace: ['auth', 'people'],
};

/** Function files that still exceed the size guide. The list may only shrink. */
export const overlongFiles = [];

/** Function files with more characters of code than the size guide allows. The list may only shrink. */
export const denseFiles = [
  'accept_messages',
  'claim_messages',
  'record_calls',
  'record_messages',
  'resolve_unknown',
  'store_messages',
  'store_received',
];

/** The most function files of one folder. */
export const mostFunctionFiles = 35;

/** The most places where a folder writes another owner's table. */
export const mostSharedTables = 13;
