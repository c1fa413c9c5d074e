// The typed ids of the API: a prefix for the kind, and a UUIDv7 in 26 characters of Crockford's base32.
import { z } from 'zod';

/** The prefix of each kind of id. The kind has the name of its table; a raw webhook is a row of inbound_payload. */
export const idPrefixes = {
  workspace: 'wsp',
  person: 'per',
  team: 'tea',
  account: 'acc',
  contact: 'con',
  contact_field: 'fld',
  contact_import: 'imp',
  label: 'lbl',
  segment: 'seg',
  conversation: 'cnv',
  conversation_job: 'job',
  episode: 'epi',
  note: 'nte',
  message: 'msg',
  batch: 'bat',
  session: 'ses',
  invitation: 'inv',
  api_key: 'key',
  erasure: 'era',
  media: 'med',
  template: 'tpl',
  audit_entry: 'aud',
  dead_letter: 'dlt',
  opt_out: 'opt',
  opt_out_ledger: 'led',
  opt_out_suggestion: 'sug',
  raw_webhook: 'raw',
  meta_app: 'app',
  event: 'evt',
  endpoint: 'ep',
  delivery: 'dlv',
  endpoint_replay: 'rpl',
  campaign: 'cmp',
  wall_view: 'wal',
  saved_view: 'viw',
  saved_reply: 'rpy',
  rate_card: 'crd',
  reconciliation: 'rec',
  alert: 'alr',
  alert_rule: 'rul',
  alert_channel: 'chn',
  alert_delivery: 'adl',
  request: 'req',
  hook: 'hok',
  hook_call: 'hcl',
  notification: 'ntf',
  push_subscription: 'psh',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** An example of each kind, for the documents. */
export const idExamples: Record<IdKind, string> = {
  workspace: 'wsp_01k9m3q5w8e7taz4x2c6v0b1n3',
  person: 'per_01k9m3q5w8e7taz4x2c6v0b1n4',
  team: 'tea_01k9m3q5w8e7taz4x2c6v0b1n5',
  account: 'acc_01k9m3q5w8e7taz4x2c6v0b1n5',
  contact: 'con_01k9m3q5w8e7taz4x2c6v0b1n6',
  contact_field: 'fld_01k9m3q5w8e7taz4x2c6v0b1nt',
  contact_import: 'imp_01k9m3q5w8e7taz4x2c6v0b1nw',
  label: 'lbl_01k9m3q5w8e7taz4x2c6v0b1nv',
  segment: 'seg_01k9m3q5w8e7taz4x2c6v0b1nw',
  conversation: 'cnv_01k9m3q5w8e7taz4x2c6v0b1n7',
  conversation_job: 'job_01k9m3q5w8e7taz4x2c6v0b1n7',
  episode: 'epi_01k9m3q5w8e7taz4x2c6v0b1n8',
  note: 'nte_01k9m3q5w8e7taz4x2c6v0b1n9',
  message: 'msg_01k9m3q5w8e7taz4x2c6v0b1n8',
  batch: 'bat_01k9m3q5w8e7taz4x2c6v0b1n9',
  session: 'ses_01k9m3q5w8e7taz4x2c6v0b1na',
  invitation: 'inv_01k9m3q5w8e7taz4x2c6v0b1nb',
  api_key: 'key_01k9m3q5w8e7taz4x2c6v0b1nc',
  erasure: 'era_01k9m3q5w8e7taz4x2c6v0b1nd',
  media: 'med_01k9m3q5w8e7taz4x2c6v0b1ne',
  template: 'tpl_01k9m3q5w8e7taz4x2c6v0b1nk',
  audit_entry: 'aud_01k9m3q5w8e7taz4x2c6v0b1nh',
  dead_letter: 'dlt_01k9m3q5w8e7taz4x2c6v0b1nf',
  opt_out: 'opt_01k9m3q5w8e7taz4x2c6v0b1nm',
  opt_out_ledger: 'led_01k9m3q5w8e7taz4x2c6v0b1nt',
  opt_out_suggestion: 'sug_01k9m3q5w8e7taz4x2c6v0b1nv',
  raw_webhook: 'raw_01k9m3q5w8e7taz4x2c6v0b1ng',
  meta_app: 'app_01k9m3q5w8e7taz4x2c6v0b1nj',
  event: 'evt_01k9m3q5w8e00r00000002c6v0',
  endpoint: 'ep_01k9m3q5w8e7taz4x2c6v0b1nq',
  delivery: 'dlv_01k9m3q5w8e7taz4x2c6v0b1nr',
  endpoint_replay: 'rpl_01k9m3q5w8e7taz4x2c6v0b1ns',
  campaign: 'cmp_01k9m3q5w8e7taz4x2c6v0b1nx',
  wall_view: 'wal_01k9m3q5w8e7taz4x2c6v0b1ny',
  saved_view: 'viw_01k9m3q5w8e7taz4x2c6v0b1nz',
  saved_reply: 'rpy_01k9m3q5w8e7taz4x2c6v0b1nz',
  rate_card: 'crd_01k9m3q5w8e7taz4x2c6v0b1ny',
  reconciliation: 'rec_01k9m3q5w8e7taz4x2c6v0b1nz',
  alert: 'alr_01k9m3q5w8e7taz4x2c6v0b1ny',
  alert_rule: 'rul_01k9m3q5w8e7taz4x2c6v0b1nz',
  alert_channel: 'chn_01k9m3q5w8e7taz4x2c6v0b1n1',
  alert_delivery: 'adl_01k9m3q5w8e7taz4x2c6v0b1n2',
  request: 'req_01k9m3q5w8e7taz4x2c6v0b1nz',
  hook: 'hok_01k9m3q5w8e7taz4x2c6v0b1n3',
  hook_call: 'hcl_01k9m3q5w8e7taz4x2c6v0b1n4',
  notification: 'ntf_01k9m3q5w8e7taz4x2c6v0b1n5',
  push_subscription: 'psh_01k9m3q5w8e7taz4x2c6v0b1n6',
};

/** The schema of the ids of one kind (`msg_…`). The error message shows an example. */
export const idSchema = (kind: IdKind) =>
  z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-7][0-9a-hjkmnp-tv-z]{25}$`), {
      error: `Must be the id of ${named(kind)}, like ${idExamples[kind]}.`,
    })
    .meta({ description: `The id of ${named(kind)}.`, example: idExamples[kind] });

/** How many ids a list in an address may have. */
const mostIds = 100;

/** The schema of some ids of one kind in an address. */
export const idListSchema = (kind: IdKind) =>
  z
    .string()
    .transform(value => value.split(','))
    .pipe(z.array(idSchema(kind)).max(mostIds, { error: `Must have at most ${mostIds} ids.` }))
    .meta({
      type: 'array',
      minItems: 1,
      maxItems: mostIds,
      items: { type: 'string', example: idExamples[kind] },
      description: `Only these: at most ${mostIds} ids, separated by commas.`,
      example: [idExamples[kind]],
    });

/** Kinds whose table is not named as people say it. */
const spoken: Partial<Record<IdKind, string>> = {
  api_key: 'an API key',
  contact_import: 'an import',
  media: 'a file',
  audit_entry: 'an entry of the audit log',
  meta_app: 'an app at Meta',
  endpoint_replay: 'a replay',
  hook_call: 'a call of a hook',
  opt_out_ledger: 'an entry of the ledger of opt-outs',
  opt_out_suggestion: 'a suggestion of an opt-out',
};

const named = (kind: IdKind) => spoken[kind] ?? `${/^[aeio]/.test(kind) ? 'an' : 'a'} ${kind.replaceAll('_', ' ')}`;

const anyPrefix = Object.values(idPrefixes).join('|');

/** The schema of an id of any kind. */
export const anyIdSchema = z
  .string()
  .regex(new RegExp(`^(${anyPrefix})_[0-7][0-9a-hjkmnp-tv-z]{25}$`), {
    error: `Must be an id, like ${idExamples.account}.`,
  })
  .meta({ description: 'An id of any kind.', example: idExamples.account });

/** The accounts that a person or an API key can access. */
export const accountLimitSchema = z
  .array(idSchema('account'))
  .min(1, { error: 'Must have at least one account.' })
  .max(1000)
  .refine(ids => new Set(ids).size === ids.length, { error: 'Must not repeat an account.' });
