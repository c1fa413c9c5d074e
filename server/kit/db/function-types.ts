// biome-ignore-all format: written by scripts/sql-types.mjs
// The arguments and rows of the SQL functions. Written by `npm run sql-types` from their files; do not edit.

export interface SqlFunctions {
  accept_messages: { args: { p_again: boolean | null; p_now: Date | string | null; p_workspace: (string | null)[] | null; p_account: (string | null)[] | null; p_key: (string | null)[] | null; p_hash: (Buffer | null)[] | null; p_address: (string | null)[] | null; p_priority: (number | null)[] | null; p_type: (string | null)[] | null; p_content: (string | null)[] | null; p_id: (string | null)[] | null; p_contact: (string | null)[] | null; p_conversation: (string | null)[] | null; p_created_by: (string | null)[] | null; p_send_at: (Date | string | null)[] | null; p_expires_at: (Date | string | null)[] | null; p_valid_for: (number | null)[] | null; p_on_unknown: (string | null)[] | null; p_batch: (string | null)[] | null; p_media: (string | null)[] | null; p_lock_ms?: number | null; }; row: { outcome: string | null; message_id: string | null; contact_id: string | null; conversation_id: string | null; created_at: Date | null; send_at: Date | null; expires_at: Date | null; account_phone: string | null; status_reason: string | null; midnight: Date | null; midnight_in_ms: number | null; } };
  add_evidence: { args: { p_token: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_status: (string | null)[] | null; p_at: (Date | string | null)[] | null; p_code: (string | null)[] | null; p_title: (string | null)[] | null; }; row: Record<string, never> };
  add_parked: { args: { p_token: (string | null)[] | null; }; row: Record<string, never> };
  apply_receipts: { args: { p_now: Date | string | null; p_account: (string | null)[] | null; p_token: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_status: (string | null)[] | null; p_at: (Date | string | null)[] | null; p_code: (string | null)[] | null; p_title: (string | null)[] | null; }; row: { account_id: string | null; } };
  apply_signals: { args: { p_now: Date | string | null; p_account: (string | null)[] | null; p_class: (string | null)[] | null; p_title: (string | null)[] | null; p_hash: (Buffer | null)[] | null; p_at: (Date | string | null)[] | null; }; row: { account_id: string | null; } };
  batch_waits: { args: { p_batch: string | null; }; row: { batch_waits: boolean | null; } };
  begin_anew: { args: Record<string, never>; row: { begin_anew: string | null; } };
  claim_history: { args: { p_account: string | null; p_max: number | null; p_channels: (string | null)[] | null; p_lease: string | null; p_now: Date | string | null; }; row: { message_id: string | null; token: string | null; address: string | null; started_at: Date | null; ended_at: Date | null; channel: string | null; phone_number_id: string | null; fence: number | null; wait_until: Date | null; } };
  claim_media: { args: { p_account: string | null; p_max: number | null; p_places: number | null; p_channels: (string | null)[] | null; p_lease: string | null; p_pauses: (number | null)[] | null; p_now: Date | string | null; }; row: { id: string | null; workspace_id: string | null; message_id: string | null; kind: string | null; channel: string | null; phone_number_id: string | null; channel_media_id: string | null; declared_type: string | null; file_name: string | null; expected_sha256: string | null; expected_size: number | null; tries: number | null; more: boolean | null; wait_until: Date | null; } };
  claim_messages: { args: { p_account: string | null; p_tokens: (string | null)[] | null; p_channels: (string | null)[] | null; p_runner: string | null; p_lease: string | null; p_ahead: string | null; p_random: number | null; p_now: Date | string | null; p_lock_ms?: number | null; }; row: { message_id: string | null; token: string | null; phone_number_id: string | null; channel: string | null; address: string | null; type: string | null; content: unknown | null; tries: number | null; number: number | null; retry_attempts: number | null; retry_delay_ms: number | null; expires_in_ms: number | null; starts_in_ms: number | null; wait_until: Date | null; more: boolean | null; places: number | null; put_off: number | null; } };
  day_limit: { args: { a: unknown | null; p_day: string | null; }; row: { day_limit: number | null; } };
  end_account_trouble: { args: { p_account: string | null; t: Date | string | null; }; row: Record<string, never> };
  end_put_off: { args: { p_account: string | null; p_places: number | null; p_next_day: Date | string | null; t: Date | string | null; }; row: Record<string, never> };
  evidence_rank: { args: { p_status: string | null; }; row: { evidence_rank: number | null; } };
  expire_messages: { args: { p_now: Date | string | null; p_lock_ms?: number | null; }; row: { account_id: string | null; done: number | null; } };
  fill_buckets: { args: { p_messages: (string | null)[] | null; p_ended_at: (Date | string | null)[] | null; }; row: Record<string, never> };
  find_contacts: { args: { p_text: string | null; p_name: string | null; p_value: string | null; p_most: number | null; }; row: { find_contacts: string | null; } };
  fold_counts: { args: { p_now: Date | string | null; }; row: { fold_counts: number | null; } };
  fold_lists: { args: Record<string, never>; row: { fold_lists: number | null; } };
  free_days: { args: { p_accounts: (string | null)[] | null; }; row: { free_days: (string | null)[] | null; } };
  free_followers: { args: { p_conversations: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  give_back_claim: { args: { p_account: string | null; p_tokens: (string | null)[] | null; p_now: Date | string | null; p_lock_ms?: number | null; }; row: { give_back_claim: number | null; } };
  heard_since: { args: { a: unknown | null; m: unknown | null; }; row: { heard_since: boolean | null; } };
  hold_lanes: { args: { t: Date | string | null; p_account: (string | null)[] | null; p_class: (string | null)[] | null; p_wait_ms: (number | null)[] | null; }; row: Record<string, never> };
  in_trouble: { args: { p_lane: unknown | null; t: Date | string | null; }; row: { in_trouble: boolean | null; } };
  is_unread: { args: { p_lanes: unknown | null; m: unknown | null; t: Date | string | null; }; row: { is_unread: boolean | null; } };
  lock_days: { args: { p_accounts: (string | null)[] | null; p_now: Date | string | null; }; row: { lock_days: Date | null; } };
  lock_receipts: { args: { p_account: string | null; p_exclusive: boolean | null; }; row: Record<string, never> };
  longest_transaction: { args: Record<string, never>; row: { longest_transaction: number | null; } };
  next_end: { args: { p_at: (Date | string | null)[] | null; p_n: (number | null)[] | null; p_free: number | null; }; row: { next_end: Date | null; } };
  open_day: { args: { p_account: string | null; p_day: string | null; }; row: Record<string, never> };
  open_lanes: { args: Record<string, never>; row: { open_lanes: string | null; } };
  present: { args: { p_now: Date | string | null; }; row: { present: Date | null; } };
  project_messages: { args: { p_messages: (string | null)[] | null; t: Date | string | null; p_by_hand?: boolean | null; }; row: Record<string, never> };
  prolong_windows: { args: { p_now: Date | string | null; }; row: Record<string, never> };
  put_off_behind: { args: { p_account: string | null; p_quiet: boolean | null; t: Date | string | null; }; row: { put_off_behind: number | null; } };
  queue_due: { args: { p_account: string | null; t: Date | string | null; }; row: { queue_due: number | null; } };
  quiet_end: { args: { a: unknown | null; t: Date | string | null; }; row: { quiet_end: Date | null; } };
  receive_messages: { args: { p_now: Date | string | null; p_workspace: (string | null)[] | null; p_account: (string | null)[] | null; p_kind: (string | null)[] | null; p_address: (string | null)[] | null; p_user_id: (string | null)[] | null; p_name: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_type: (string | null)[] | null; p_content: (string | null)[] | null; p_context: (string | null)[] | null; p_referral: (string | null)[] | null; p_error_code: (string | null)[] | null; p_error_title: (string | null)[] | null; p_at: (Date | string | null)[] | null; p_id: (string | null)[] | null; p_contact: (string | null)[] | null; p_conversation: (string | null)[] | null; }; row: { message_id: string | null; n: number | null; } };
  record_attempts: { args: { p_now: Date | string | null; p_token: (string | null)[] | null; p_class: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_code: (string | null)[] | null; p_title: (string | null)[] | null; p_wait_ms: (number | null)[] | null; p_ago_ms: (number | null)[] | null; p_lock_ms?: number | null; }; row: { message_id: string | null; account_id: string | null; status: string | null; due_at: Date | null; } };
  record_history: { args: { p_now: Date | string | null; p_account: string | null; p_fence: number | null; p_token: (string | null)[] | null; p_data: (string | null)[] | null; p_fits: (boolean | null)[] | null; p_wait_ms: number | null; }; row: { record_history: number | null; } };
  record_media: { args: { p_now: Date | string | null; p_id: string | null; p_tries: number | null; p_status: string | null; p_sha256: string | null; p_size: number | null; p_mime_type: string | null; p_width: number | null; p_height: number | null; p_thumbnail: string | null; p_code: string | null; p_title: string | null; p_wait_ms: number | null; p_data: string | null; }; row: { record_media: boolean | null; } };
  recover_attempts: { args: { p_now: Date | string | null; p_lock_ms?: number | null; }; row: { account_id: string | null; done: number | null; } };
  refund_buckets: { args: { p_messages: (string | null)[] | null; }; row: Record<string, never> };
  report_doubled: { args: { p_messages: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  report_stuck: { args: { p_now: Date | string | null; }; row: { report_stuck: number | null; } };
  report_undelivered: { args: { p_now: Date | string | null; }; row: { report_undelivered: number | null; } };
  set_account_trouble: { args: { p_account: string | null; p_reason: string | null; t: Date | string | null; }; row: Record<string, never> };
  settle_unknown: { args: { p_now: Date | string | null; p_lock_ms?: number | null; }; row: { account_id: string | null; done: number | null; } };
  uncounted: { args: { p_account: string | null; p_day: string | null; }; row: { uncounted: number | null; } };
  unknown_since: { args: { m: unknown | null; }; row: { unknown_since: Date | null; } };
  unread_lanes: { args: Record<string, never>; row: { unread_lanes: unknown | null; } };
  wait_for_locks: { args: { p_ms: number | null; }; row: Record<string, never> };
}

/** The SQL type of each argument. */
export const argumentTypes: { [Name in keyof SqlFunctions]: Record<string, string> } = {
  accept_messages: { p_again: 'boolean', p_now: 'timestamptz', p_workspace: 'uuid[]', p_account: 'uuid[]', p_key: 'text[]', p_hash: 'bytea[]', p_address: 'text[]', p_priority: 'smallint[]', p_type: 'text[]', p_content: 'jsonb[]', p_id: 'uuid[]', p_contact: 'uuid[]', p_conversation: 'uuid[]', p_created_by: 'uuid[]', p_send_at: 'timestamptz[]', p_expires_at: 'timestamptz[]', p_valid_for: 'int[]', p_on_unknown: 'text[]', p_batch: 'uuid[]', p_media: 'uuid[]', p_lock_ms: 'int' },
  add_evidence: { p_token: 'uuid[]', p_channel_message_id: 'text[]', p_status: 'text[]', p_at: 'timestamptz[]', p_code: 'text[]', p_title: 'text[]' },
  add_parked: { p_token: 'uuid[]' },
  apply_receipts: { p_now: 'timestamptz', p_account: 'uuid[]', p_token: 'uuid[]', p_channel_message_id: 'text[]', p_status: 'text[]', p_at: 'timestamptz[]', p_code: 'text[]', p_title: 'text[]' },
  apply_signals: { p_now: 'timestamptz', p_account: 'uuid[]', p_class: 'text[]', p_title: 'text[]', p_hash: 'bytea[]', p_at: 'timestamptz[]' },
  batch_waits: { p_batch: 'uuid' },
  begin_anew: {  },
  claim_history: { p_account: 'uuid', p_max: 'int', p_channels: 'text[]', p_lease: 'interval', p_now: 'timestamptz' },
  claim_media: { p_account: 'uuid', p_max: 'int', p_places: 'int', p_channels: 'text[]', p_lease: 'interval', p_pauses: 'double precision[]', p_now: 'timestamptz' },
  claim_messages: { p_account: 'uuid', p_tokens: 'uuid[]', p_channels: 'text[]', p_runner: 'text', p_lease: 'interval', p_ahead: 'interval', p_random: 'double precision', p_now: 'timestamptz', p_lock_ms: 'int' },
  day_limit: { a: 'account', p_day: 'date' },
  end_account_trouble: { p_account: 'uuid', t: 'timestamptz' },
  end_put_off: { p_account: 'uuid', p_places: 'int', p_next_day: 'timestamptz', t: 'timestamptz' },
  evidence_rank: { p_status: 'text' },
  expire_messages: { p_now: 'timestamptz', p_lock_ms: 'int' },
  fill_buckets: { p_messages: 'uuid[]', p_ended_at: 'timestamptz[]' },
  find_contacts: { p_text: 'text', p_name: 'text', p_value: 'text', p_most: 'int' },
  fold_counts: { p_now: 'timestamptz' },
  fold_lists: {  },
  free_days: { p_accounts: 'uuid[]' },
  free_followers: { p_conversations: 'uuid[]', t: 'timestamptz' },
  give_back_claim: { p_account: 'uuid', p_tokens: 'uuid[]', p_now: 'timestamptz', p_lock_ms: 'int' },
  heard_since: { a: 'account', m: 'message' },
  hold_lanes: { t: 'timestamptz', p_account: 'uuid[]', p_class: 'text[]', p_wait_ms: 'int[]' },
  in_trouble: { p_lane: 'lane', t: 'timestamptz' },
  is_unread: { p_lanes: 'unread_lane[]', m: 'message', t: 'timestamptz' },
  lock_days: { p_accounts: 'uuid[]', p_now: 'timestamptz' },
  lock_receipts: { p_account: 'uuid', p_exclusive: 'boolean' },
  longest_transaction: {  },
  next_end: { p_at: 'timestamptz[]', p_n: 'int[]', p_free: 'int' },
  open_day: { p_account: 'uuid', p_day: 'date' },
  open_lanes: {  },
  present: { p_now: 'timestamptz' },
  project_messages: { p_messages: 'uuid[]', t: 'timestamptz', p_by_hand: 'boolean' },
  prolong_windows: { p_now: 'timestamptz' },
  put_off_behind: { p_account: 'uuid', p_quiet: 'boolean', t: 'timestamptz' },
  queue_due: { p_account: 'uuid', t: 'timestamptz' },
  quiet_end: { a: 'account', t: 'timestamptz' },
  receive_messages: { p_now: 'timestamptz', p_workspace: 'uuid[]', p_account: 'uuid[]', p_kind: 'text[]', p_address: 'text[]', p_user_id: 'text[]', p_name: 'text[]', p_channel_message_id: 'text[]', p_type: 'text[]', p_content: 'jsonb[]', p_context: 'jsonb[]', p_referral: 'jsonb[]', p_error_code: 'text[]', p_error_title: 'text[]', p_at: 'timestamptz[]', p_id: 'uuid[]', p_contact: 'uuid[]', p_conversation: 'uuid[]' },
  record_attempts: { p_now: 'timestamptz', p_token: 'uuid[]', p_class: 'text[]', p_channel_message_id: 'text[]', p_code: 'text[]', p_title: 'text[]', p_wait_ms: 'int[]', p_ago_ms: 'double precision[]', p_lock_ms: 'int' },
  record_history: { p_now: 'timestamptz', p_account: 'uuid', p_fence: 'bigint', p_token: 'uuid[]', p_data: 'jsonb[]', p_fits: 'boolean[]', p_wait_ms: 'double precision' },
  record_media: { p_now: 'timestamptz', p_id: 'uuid', p_tries: 'int', p_status: 'text', p_sha256: 'text', p_size: 'bigint', p_mime_type: 'text', p_width: 'int', p_height: 'int', p_thumbnail: 'text', p_code: 'text', p_title: 'text', p_wait_ms: 'double precision', p_data: 'jsonb' },
  recover_attempts: { p_now: 'timestamptz', p_lock_ms: 'int' },
  refund_buckets: { p_messages: 'uuid[]' },
  report_doubled: { p_messages: 'uuid[]', t: 'timestamptz' },
  report_stuck: { p_now: 'timestamptz' },
  report_undelivered: { p_now: 'timestamptz' },
  set_account_trouble: { p_account: 'uuid', p_reason: 'text', t: 'timestamptz' },
  settle_unknown: { p_now: 'timestamptz', p_lock_ms: 'int' },
  uncounted: { p_account: 'uuid', p_day: 'date' },
  unknown_since: { m: 'message' },
  unread_lanes: {  },
  wait_for_locks: { p_ms: 'int' },
};
