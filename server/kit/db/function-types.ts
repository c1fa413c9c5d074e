// biome-ignore-all format: written by scripts/sql-types.mjs
// The arguments and rows of the SQL functions. Written by `npm run sql-types` from their files; do not edit.

export interface SqlFunctions {
  accept_messages: { args: { p_again: boolean | null; p_now: Date | string | null; p_workspace: (string | null)[] | null; p_account: (string | null)[] | null; p_key: (string | null)[] | null; p_hash: (Buffer | null)[] | null; p_address: (string | null)[] | null; p_priority: (number | null)[] | null; p_type: (string | null)[] | null; p_content: (string | null)[] | null; p_id: (string | null)[] | null; p_contact: (string | null)[] | null; p_conversation: (string | null)[] | null; p_created_by: (string | null)[] | null; p_send_at: (Date | string | null)[] | null; p_expires_at: (Date | string | null)[] | null; p_valid_for: (number | null)[] | null; p_on_unknown: (string | null)[] | null; p_on_window: (string | null)[] | null; p_category: (string | null)[] | null; p_batch: (string | null)[] | null; p_reference: (string | null)[] | null; p_metadata: (string | null)[] | null; p_media: (string | null)[] | null; p_context: (string | null)[] | null; p_campaign: (string | null)[] | null; p_seen: (string | null)[] | null; p_routes: (string | null)[] | null; p_runner: string | null; p_lease: string | null; }; row: { outcome: string | null; message_id: string | null; contact_id: string | null; conversation_id: string | null; created_at: Date | null; send_at: Date | null; expires_at: Date | null; account_phone: string | null; status_reason: string | null; midnight: Date | null; midnight_in_ms: number | null; claimed: boolean | null; warnings: (string | null)[] | null; phone_number_id: string | null; channel: string | null; retry_attempts: number | null; retry_delay_ms: number | null; } };
  add_aliases: { args: { t: Date | string | null; p_workspace: (string | null)[] | null; p_phone: (string | null)[] | null; p_user_id: (string | null)[] | null; p_parent: (string | null)[] | null; p_username: (string | null)[] | null; }; row: Record<string, never> };
  add_deliveries: { args: { p_now: Date | string | null; p_endpoint: (string | null)[] | null; p_event: (number | null)[] | null; p_key: (string | null)[] | null; p_replay: string | null; }; row: { add_deliveries: number | null; } };
  add_evidence: { args: { p_told: unknown | null; t: Date | string | null; }; row: Record<string, never> };
  add_restored_attempts: { args: { p_ids: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  add_to_window: { args: { p_at: (Date | string | null)[] | null; p_n: (number | null)[] | null; p_total: number | null; p_seconds: number | null; p_end: Date | string | null; p_calls: number | null; t: Date | string | null; }; row: { p_at: (Date | null)[] | null; p_n: (number | null)[] | null; p_total: number | null; } };
  add_usernames: { args: { p_workspace: (string | null)[] | null; p_phone: (string | null)[] | null; p_user_id: (string | null)[] | null; p_username: (string | null)[] | null; }; row: Record<string, never> };
  address_kind: { args: { p_address: string | null; }; row: { address_kind: string | null; } };
  advance: { args: { p_conversations: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  advance_deliveries: { args: { p_endpoint: string | null; p_keys: (string | null)[] | null; }; row: Record<string, never> };
  append_message_events: { args: { p_facts: unknown | null; t: Date | string | null; }; row: { append_message_events: (number | null)[] | null; } };
  apply_change: { args: { p_now: Date | string | null; p_account: string | null; p_channel_message_id: string | null; p_change: string | null; p_type: string | null; p_content: string | null; p_at: Date | string | null; p_by?: (string | null)[] | null; }; row: { apply_change: boolean | null; } };
  apply_channel_limits: { args: { p_account: string | null; p_now: Date | string | null; }; row: Record<string, never> };
  apply_evidence: { args: { p_told: unknown | null; t: Date | string | null; }; row: Record<string, never> };
  apply_orphans: { args: { p_token: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  apply_receipts: { args: { p_now: Date | string | null; p_account: (string | null)[] | null; p_token: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_status: (string | null)[] | null; p_at: (Date | string | null)[] | null; p_code: (string | null)[] | null; p_title: (string | null)[] | null; p_pricing?: (string | null)[] | null; }; row: { account_id: string | null; } };
  apply_signals: { args: { p_now: Date | string | null; p_account: (string | null)[] | null; p_class: (string | null)[] | null; p_title: (string | null)[] | null; p_hash: (Buffer | null)[] | null; p_at: (Date | string | null)[] | null; p_until: (Date | string | null)[] | null; }; row: { account_id: string | null; } };
  apply_words: { args: { t: Date | string | null; p_workspace: (string | null)[] | null; p_account: (string | null)[] | null; p_contact: (string | null)[] | null; p_message: (string | null)[] | null; p_word: (string | null)[] | null; }; row: Record<string, never> };
  assign_waiting: { args: { p_team: string | null; p_now: Date | string | null; }; row: { assign_waiting: number | null; } };
  attempt_status: { args: { p_class: string | null; }; row: { attempt_status: string | null; } };
  backoff: { args: { p_step: number | null; p_most: number | null; p_failures: number | null; }; row: { backoff: number | null; } };
  bar_heads: { args: { p_lanes: unknown | null; p_accounts: (string | null)[] | null; p_max: (number | null)[] | null; t: Date | string | null; }; row: { account_id: string | null; done: number | null; } };
  batch_waits: { args: { p_batch: string | null; }; row: { batch_waits: boolean | null; } };
  better_status: { args: { p_known: string | null; p_word: string | null; }; row: { better_status: string | null; } };
  business_due: { args: { p_hours: string | null; p_from: Date | string | null; p_minutes: number | null; }; row: { business_due: Date | null; } };
  called_token: { args: { p_account: string | null; p_channel_message_id: string | null; }; row: { called_token: string | null; } };
  candidates: { args: { p_lanes: unknown | null; p_accounts: (string | null)[] | null; p_max: (number | null)[] | null; t: Date | string | null; }; row: { place: unknown | null; id: string | null; conversation_id: string | null; slots: number | null; left_today: number | null; today: string | null; fresh: boolean | null; opens: boolean | null; rank: number | null; used: number | null; deferred_until: Date | null; reason: string | null; } };
  cap_window: { args: { p_now: Date | string | null; p_account: string | null; }; row: Record<string, never> };
  changed_message: { args: { p_account: string | null; p_channel_message_id: string | null; p_by: (string | null)[] | null; }; row: { changed_message: string | null; } };
  charge_places: { args: { p_facts: unknown | null; }; row: { ordinality: number | null; id: string | null; workspace_id: string | null; account_id: string | null; type: string | null; at: Date | null; rated_on: string | null; day: string | null; month: string | null; category: string | null; percent: unknown | null; fixed: unknown | null; country: string | null; own_market: string | null; region: string | null; card_id: string | null; number: number | null; tiers: string | null; market: string | null; } };
  check_queue: { args: Record<string, never>; row: { what: string | null; n: number | null; } };
  check_rows: { args: { p_import: string | null; p_workspace: string | null; p_rows: string | null; }; row: Record<string, never> };
  claim_deliveries: { args: { p_now: Date | string | null; p_endpoint: string | null; p_runner: string | null; p_busy: (string | null)[] | null; p_max: number | null; p_chain: number | null; p_lease: string | null; }; row: { seq: number | null; order_key: string | null; event_id: number | null; attempts: number | null; round: number | null; wait_until: Date | null; more: boolean | null; mine: boolean | null; erasures: number | null; } };
  claim_media: { args: { p_account: string | null; p_max: number | null; p_slots: number | null; p_routes: (string | null)[] | null; p_lease: string | null; p_pauses: (number | null)[] | null; p_now: Date | string | null; }; row: { id: string | null; workspace_id: string | null; message_id: string | null; kind: string | null; channel: string | null; phone_number_id: string | null; channel_media_id: string | null; declared_type: string | null; file_name: string | null; expected_sha256: string | null; expected_size: number | null; attempts: number | null; more: boolean | null; wait_until: Date | null; } };
  claim_messages: { args: { p_accounts: (string | null)[] | null; p_max: (number | null)[] | null; p_routes: (string | null)[] | null; p_runner: string | null; p_lease: string | null; p_random: number | null; p_now: Date | string | null; }; row: { account_id: string | null; message_id: string | null; token: string | null; phone_number_id: string | null; channel: string | null; address: string | null; type: string | null; content: unknown | null; context: unknown | null; failed_attempts: number | null; number: number | null; retry_attempts: number | null; retry_delay_ms: number | null; expires_in_ms: number | null; more: boolean | null; wait_until: Date | null; concurrency: number | null; deferred: number | null; } };
  clear_deleted_endpoints: { args: { p_most: number | null; }; row: { clear_deleted_endpoints: boolean | null; } };
  clear_heads: { args: { p_lanes: unknown | null; p_accounts: (string | null)[] | null; p_max: (number | null)[] | null; t: Date | string | null; }; row: { account_id: string | null; done: number | null; } };
  clock: { args: { p_now: Date | string | null; }; row: { clock: Date | null; } };
  close_merge: { args: { p_contact: string | null; p_other: string | null; kept: string | null; lost: string | null; t: Date | string | null; }; row: Record<string, never> };
  contacts_named: { args: { p_part: string | null; p_name: string | null; p_except: string | null; p_most: number | null; }; row: { contacts_named: string | null; } };
  contacts_with_fields: { args: { p_fields: string | null; p_most: number | null; }; row: { contacts_with_fields: string | null; } };
  counted_in: { args: { p_quarter: Date | string | null; p_account: string | null; p_template: string | null; p_campaign: string | null; p_sender: string | null; p_calling_code: string | null; }; row: { counted_by: string | null; at: Date | null; account_id: string | null; key: string | null; } };
  create_imported: { args: { p_workspace: string | null; p_import: string | null; p_rows: unknown | null; t: Date | string | null; }; row: { create_imported: number | null; } };
  day_limit: { args: { a: unknown | null; p_day: string | null; }; row: { day_limit: number | null; } };
  decide_sent: { args: { t: Date | string | null; p_id: string | null; }; row: Record<string, never> };
  defer_merge: { args: { p_contact: string | null; p_other: string | null; p_due: Date | string | null; }; row: Record<string, never> };
  due_answers: { args: { p_now: Date | string | null; p_message: (string | null)[] | null; p_action: (string | null)[] | null; p_answer: (string | null)[] | null; }; row: { n: number | null; setting: unknown | null; } };
  due_deliveries: { args: { p_at: Date | string | null; p_endpoint: string | null; p_busy: (string | null)[] | null; p_most: number | null; p_chain: number | null; }; row: { seq: number | null; order_key: string | null; event_id: number | null; attempts: number | null; round: number | null; next_due: Date | null; } };
  due_endpoints: { args: { p_now: Date | string | null; }; row: { endpoint_id: string | null; } };
  end_account_trouble: { args: { p_account: string | null; t: Date | string | null; }; row: Record<string, never> };
  end_barred: { args: { p_now: Date | string | null; p_contacts: (string | null)[] | null; }; row: Record<string, never> };
  end_doubles: { args: { p_now: Date | string | null; p_contact: string | null; }; row: Record<string, never> };
  end_number: { args: { p_account: string | null; p_reason: string | null; t: Date | string | null; }; row: Record<string, never> };
  end_open: { args: { p_now: Date | string | null; p_ids: (string | null)[] | null; p_word: string | null; p_data: string | null; }; row: { message_id: string | null; account_id: string | null; } };
  ensure_conversations: { args: { p_workspace: (string | null)[] | null; p_account: (string | null)[] | null; p_address: (string | null)[] | null; p_contact: (string | null)[] | null; p_conversation: (string | null)[] | null; p_outcome: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  ensure_people: { args: { t: Date | string | null; p_workspace: (string | null)[] | null; p_phone: (string | null)[] | null; p_user_id: (string | null)[] | null; p_parent: (string | null)[] | null; p_name: (string | null)[] | null; p_contact: (string | null)[] | null; }; row: Record<string, never> };
  event_of: { args: { p_id: number | null; }; row: { id: number | null; workspace_id: string | null; type: string | null; account_id: string | null; message_id: string | null; data: unknown | null; at: Date | null; } };
  event_row: { args: { p_id: number | null; }; row: { event_row: number | null; } };
  events_of: { args: { p_ids: (string | null)[] | null; }; row: { message_id: string | null; id: number | null; number: number | null; type: string | null; at: Date | null; data: unknown | null; } };
  evidence_rank: { args: { p_status: string | null; }; row: { evidence_rank: number | null; } };
  expected_charges: { args: { p_requests: unknown | null; p_targets: unknown | null; t: Date | string | null; }; row: { expected_charges: unknown | null; } };
  expire_deliveries: { args: { p_before: Date | string | null; p_most: number | null; }; row: { expire_deliveries: boolean | null; } };
  expire_messages: { args: { p_now: Date | string | null; }; row: { account_id: string | null; done: number | null; } };
  fail_unknown: { args: { t: Date | string | null; p_ids: (string | null)[] | null; p_title: string | null; p_data: string | null; }; row: Record<string, never> };
  find_contacts: { args: { p_text: string | null; p_name: string | null; p_except: string | null; p_value: string | null; p_most: number | null; }; row: { find_contacts: string | null; } };
  find_conversations: { args: { p_requests: unknown | null; p_targets?: unknown | null; }; row: { find_conversations: unknown | null; } };
  find_tokens: { args: { p_account: (string | null)[] | null; p_token: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; }; row: { find_tokens: (string | null)[] | null; } };
  fold_present: { args: { p_workspace: (string | null)[] | null; p_account: (string | null)[] | null; p_direction: (string | null)[] | null; p_type: (string | null)[] | null; p_status: (string | null)[] | null; p_priority: (number | null)[] | null; p_span: (number | null)[] | null; p_present: (number | null)[] | null; }; row: Record<string, never> };
  follow_ends: { args: { t: Date | string | null; p_account: (string | null)[] | null; p_class: (string | null)[] | null; p_title: (string | null)[] | null; }; row: Record<string, never> };
  follow_person: { args: { t: Date | string | null; p_workspace: string | null; p_kind: (string | null)[] | null; p_value: (string | null)[] | null; p_phone: string | null; p_user_id: string | null; }; row: Record<string, never> };
  free_estimates: { args: { p_account: string | null; p_campaign: string | null; p_max: number | null; }; row: { free_estimates: number | null; } };
  free_fields: { args: { p_most: number | null; }; row: { free_fields: boolean | null; } };
  free_keys: { args: { p_workspace: (string | null)[] | null; p_key: (string | null)[] | null; p_id: (string | null)[] | null; p_outcome: (string | null)[] | null; }; row: Record<string, never> };
  free_labelled: { args: { p_most: number | null; }; row: { free_labelled: boolean | null; } };
  had_last: { args: { v: unknown | null; }; row: { had_last: string | null; } };
  has_events_after: { args: { p_xid: unknown | null; p_id: number | null; }; row: { has_events_after: boolean | null; } };
  has_user_id: { args: { p_contact: string | null; }; row: { has_user_id: boolean | null; } };
  hear_words: { args: { p_messages: unknown | null; t: Date | string | null; }; row: Record<string, never> };
  heard_since: { args: { a: unknown | null; m: unknown | null; }; row: { heard_since: boolean | null; } };
  hold_after_claim: { args: { p_account: string | null; p_today: string | null; p_held_until: Date | string | null; p_jitter_ms: number | null; p_left_today: number | null; p_tomorrow: Date | string | null; p_rate_left: number | null; p_span: string | null; p_window_at: (Date | string | null)[] | null; p_window_n: (number | null)[] | null; p_waiting: number | null; p_begun: number | null; p_random: number | null; t: Date | string | null; }; row: { until: Date | null; reason: string | null; } };
  hold_campaign: { args: { p_now: Date | string | null; p_account: string | null; p_campaign: string | null; p_max: number | null; }; row: { hold_campaign: number | null; } };
  hold_heads: { args: { p_lanes: unknown | null; p_accounts: (string | null)[] | null; p_max: (number | null)[] | null; t: Date | string | null; }; row: { account_id: string | null; done: number | null; } };
  hold_lanes: { args: { t: Date | string | null; p_account: (string | null)[] | null; p_class: (string | null)[] | null; p_wait_ms: (number | null)[] | null; }; row: Record<string, never> };
  hold_stopped_heads: { args: { p_lanes: unknown | null; p_accounts: (string | null)[] | null; p_max: (number | null)[] | null; t: Date | string | null; }; row: { account_id: string | null; done: number | null; } };
  hold_template: { args: { p_now: Date | string | null; p_account: string | null; p_name: string | null; p_language: string | null; p_max: number | null; }; row: { hold_template: number | null; } };
  import_source: { args: { p_import: string | null; t: Date | string | null; }; row: { import_source: unknown | null; } };
  import_sources: { args: { p_fields: string | null; p_source: string | null; }; row: { import_sources: unknown | null; } };
  imported_place: { args: { m: unknown | null; }; row: { imported_place: number | null; } };
  in_trouble: { args: { p_lane: unknown | null; t: Date | string | null; }; row: { in_trouble: boolean | null; } };
  is_barred: { args: { p_message: string | null; p_contact: string | null; p_category: string | null; }; row: { is_barred: boolean | null; } };
  is_call: { args: { p_class: string | null; }; row: { is_call: boolean | null; } };
  is_opted_out: { args: { p_contact: string | null; p_category: string | null; }; row: { is_opted_out: boolean | null; } };
  is_told: { args: { p_event: number | null; }; row: { is_told: boolean | null; } };
  is_unread: { args: { p_lanes: unknown | null; m: unknown | null; t: Date | string | null; }; row: { is_unread: boolean | null; } };
  join_contacts: { args: { kept: string | null; lost: string | null; t: Date | string | null; p_take: (string | null)[] | null; p_numbers_stay: boolean | null; }; row: Record<string, never> };
  join_people: { args: { t: Date | string | null; p_workspace: (string | null)[] | null; p_phone: (string | null)[] | null; p_user_id: (string | null)[] | null; p_name: (string | null)[] | null; }; row: Record<string, never> };
  judge_requests: { args: { p_again: boolean | null; p_lanes: unknown | null; t: Date | string | null; p_requests: unknown | null; p_targets: unknown | null; }; row: { judge_requests: unknown | null; } };
  keep_opt_outs_of: { args: { p_contacts: (string | null)[] | null; p_erase: boolean | null; }; row: Record<string, never> };
  keep_receipts: { args: { p_account: (string | null)[] | null; p_token: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_status: (string | null)[] | null; p_at: (Date | string | null)[] | null; p_code: (string | null)[] | null; p_title: (string | null)[] | null; p_pricing: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  keep_version: { args: { p_message: string | null; p_readable: boolean | null; p_at: Date | string | null; }; row: Record<string, never> };
  lacks_consent: { args: { p_workspace: string | null; p_contact: string | null; }; row: { lacks_consent: boolean | null; } };
  lane_hold: { args: { a: unknown | null; l: unknown | null; t: Date | string | null; }; row: { reason: string | null; until: Date | null; } };
  lane_summaries: { args: { p_lanes: unknown | null; t: Date | string | null; }; row: { account_id: string | null; more: boolean | null; wait_until: Date | null; concurrency: number | null; } };
  living_fields: { args: { p_workspace: string | null; p_values: string | null; }; row: { living_fields: unknown | null; } };
  lock_inbound: { args: { p_signal_account: (string | null)[] | null; p_message_account: (string | null)[] | null; p_receipt_account: (string | null)[] | null; p_token: (string | null)[] | null; p_workspace: (string | null)[] | null; }; row: Record<string, never> };
  lock_lanes: { args: { p_accounts: (string | null)[] | null; p_now: Date | string | null; }; row: { lock_lanes: unknown | null; } };
  log_uuid: { args: { p_number: number | null; p_at: Date | string | null; }; row: { log_uuid: string | null; } };
  longest_transaction: { args: Record<string, never>; row: { longest_transaction: number | null; } };
  mark_reachable: { args: { p_contacts: (string | null)[] | null; p_at: (Date | string | null)[] | null; }; row: Record<string, never> };
  mark_repeated: { args: { p_import: string | null; p_keys: (string | null)[] | null; }; row: Record<string, never> };
  mark_restored: { args: { p_resume: boolean | null; }; row: { unknown: number | null; held: number | null; } };
  match_outcomes: { args: { t: Date | string | null; p_token: (string | null)[] | null; p_class: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_code: (string | null)[] | null; p_title: (string | null)[] | null; p_wait_ms: (number | null)[] | null; p_ago_ms: (number | null)[] | null; }; row: { match_outcomes: unknown | null; } };
  members_with_room: { args: { g: unknown | null; p_people: (string | null)[] | null; t: Date | string | null; }; row: { person_id: string | null; load: number | null; last_assigned_at: Date | null; } };
  merge_contacts: { args: { p_now: Date | string | null; p_contact: string | null; p_other: string | null; p_kept: string | null; p_take: (string | null)[] | null; }; row: { outcome: string | null; kept: string | null; lost: string | null; } };
  merge_conversations: { args: { p_kept: string | null; p_lost: string | null; t: Date | string | null; }; row: { merge_conversations: string | null; } };
  merge_opt_outs: { args: { p_now: Date | string | null; p_kept: string | null; p_lost: string | null; }; row: Record<string, never> };
  message_kind: { args: { p_type: string | null; p_category: string | null; }; row: { message_kind: number | null; } };
  move_conversation_labels: { args: { p_ended: (string | null)[] | null; p_into: (string | null)[] | null; }; row: Record<string, never> };
  move_day: { args: { p_now: Date | string | null; p_account: string | null; p_zone: string | null; }; row: Record<string, never> };
  move_episodes: { args: { p_ended: (string | null)[] | null; p_into: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  move_memberships: { args: { kept: string | null; lost: string | null; }; row: Record<string, never> };
  move_notes: { args: { p_ended: (string | null)[] | null; p_into: (string | null)[] | null; }; row: Record<string, never> };
  name_people: { args: { t: Date | string | null; p_workspace: (string | null)[] | null; p_phone: (string | null)[] | null; p_user_id: (string | null)[] | null; p_name: (string | null)[] | null; }; row: Record<string, never> };
  next_rows: { args: { p_import: unknown | null; p_after: number | null; p_until: number | null; }; row: { next_rows: unknown | null; } };
  next_slot_at: { args: { p_at: (Date | string | null)[] | null; p_n: (number | null)[] | null; p_span: string | null; t: Date | string | null; p_left: number | null; }; row: { next_slot_at: Date | null; } };
  next_state: { args: { p_class: string | null; p_evidence: string | null; p_is_over: boolean | null; p_is_unwanted: boolean | null; }; row: { next_state: string | null; } };
  note_owners: { args: { p_messages: unknown | null; }; row: Record<string, never> };
  note_sent: { args: { p_requests: unknown | null; p_targets: unknown | null; t: Date | string | null; }; row: Record<string, never> };
  number_of: { args: { p_token: string | null; }; row: { number_of: number | null; } };
  old_deliveries: { args: { p_endpoint: string | null; p_before: Date | string | null; p_most: number | null; }; row: { old_deliveries: (number | null)[] | null; } };
  open_lanes: { args: Record<string, never>; row: { open_lanes: string | null; } };
  open_windows: { args: { p_conversations: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  opt_in_contacts: { args: { p_ids: (string | null)[] | null; p_reason: string | null; p_source: string | null; p_account: string | null; p_proof: string | null; p_actor_kind: string | null; p_created_by: string | null; p_at: Date | string | null; }; row: { contact_id: string | null; } };
  opt_out_contacts: { args: { p_ids: (string | null)[] | null; p_contacts: (string | null)[] | null; p_category: string | null; p_reason: string | null; p_source: string | null; p_account: string | null; p_proof: string | null; p_actor_kind: string | null; p_created_by: string | null; p_at: Date | string | null; }; row: { contact_id: string | null; } };
  opt_out_known: { args: { p_now: Date | string | null; p_import: string | null; p_runner: string | null; p_after: number | null; p_until: number | null; }; row: { opt_out_known: boolean | null; } };
  opt_out_rows: { args: { p_now: Date | string | null; i: unknown | null; p_after: number | null; p_until: number | null; p_fates: (string | null)[] | null; }; row: Record<string, never> };
  pass_on_ledger: { args: { p_workspace: string | null; p_contacts: (string | null)[] | null; p_to: string | null; }; row: Record<string, never> };
  price_messages: { args: { p_facts: unknown | null; }; row: { price_messages: unknown | null; } };
  prolong_grace_periods: { args: { p_now: Date | string | null; }; row: Record<string, never> };
  queue_due: { args: { p_now: Date | string | null; }; row: { account_id: string | null; done: number | null; } };
  queued_before: { args: { p_workspace: string | null; p_account: string | null; p_priority: number | null; }; row: { queued_before: number | null; } };
  quiet_end: { args: { a: unknown | null; t: Date | string | null; }; row: { quiet_end: Date | null; } };
  raise_serialization_failure: { args: Record<string, never>; row: { raise_serialization_failure: string | null; } };
  rate_used: { args: { p_at: (Date | string | null)[] | null; p_n: (number | null)[] | null; p_span: string | null; t: Date | string | null; }; row: { rate_used: number | null; } };
  raw_webhook: { args: { p_id: number | null; }; row: { headers: unknown | null; body: Buffer | null; } };
  read_on_phone: { args: { p_conversations: (string | null)[] | null; p_groups: (string | null)[] | null; p_at: (Date | string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  ready_heads: { args: { p_lanes: unknown | null; p_accounts: (string | null)[] | null; p_max: (number | null)[] | null; t: Date | string | null; }; row: { account_id: string | null; slots: number | null; today: string | null; tomorrow: Date | null; left_today: number | null; left_new: number | null; recipient_wait: string | null; quiet_until: Date | null; held_until: Date | null; at_limit: boolean | null; priority: number | null; place: unknown | null; id: string | null; seq: number | null; ready_at: Date | null; conversation_id: string | null; usage_day: string | null; needs_window: boolean | null; kind: number | null; } };
  ready_lanes: { args: { p_routes: (string | null)[] | null; p_now: Date | string | null; }; row: { ready_lanes: string | null; } };
  receive_messages: { args: { p_now: Date | string | null; p_messages: string | null; }; row: { message_id: string | null; n: number | null; } };
  reconcile: { args: { p_now: Date | string | null; p_runner: string | null; p_in_hand: (string | null)[] | null; }; row: { account_id: string | null; done: number | null; } };
  record_calls: { args: { p_calls: unknown | null; t: Date | string | null; }; row: Record<string, never> };
  record_deliveries: { args: { p_now: Date | string | null; p_endpoint: string | null; p_seq: (number | null)[] | null; p_attempt: (number | null)[] | null; p_started: (Date | string | null)[] | null; p_duration_ms: (number | null)[] | null; p_http: (number | null)[] | null; p_error: (string | null)[] | null; p_excerpt: (string | null)[] | null; p_wait_ms: (number | null)[] | null; p_hold_ms: number | null; }; row: { disabled: string | null; recovered: boolean | null; } };
  record_echoes: { args: { p_message: (string | null)[] | null; p_account: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_sent_at: (Date | string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  record_lanes: { args: { p_calls: unknown | null; t: Date | string | null; }; row: Record<string, never> };
  record_late: { args: { t: Date | string | null; p_token: (string | null)[] | null; p_class: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_code: (string | null)[] | null; p_title: (string | null)[] | null; p_settled: (string | null)[] | null; }; row: Record<string, never> };
  record_media: { args: { p_now: Date | string | null; p_id: string | null; p_attempts: number | null; p_status: string | null; p_sha256: string | null; p_size: number | null; p_mime_type: string | null; p_width: number | null; p_height: number | null; p_thumbnail: string | null; p_code: string | null; p_title: string | null; p_wait_ms: number | null; p_data: string | null; }; row: { record_media: boolean | null; } };
  record_messages: { args: { p_messages: (string | null)[] | null; t: Date | string | null; p_by_hand?: boolean | null; p_told?: unknown | null; }; row: Record<string, never> };
  record_outcomes: { args: { p_now: Date | string | null; p_token: (string | null)[] | null; p_class: (string | null)[] | null; p_channel_message_id: (string | null)[] | null; p_code: (string | null)[] | null; p_title: (string | null)[] | null; p_wait_ms: (number | null)[] | null; p_ago_ms: (number | null)[] | null; }; row: { message_id: string | null; account_id: string | null; status: string | null; ready_at: Date | null; more: boolean | null; } };
  record_trouble: { args: { t: Date | string | null; p_calls: unknown | null; }; row: Record<string, never> };
  recover_lost_calls: { args: { p_now: Date | string | null; }; row: { account_id: string | null; done: number | null; } };
  refuse_unseen: { args: { p_requests: unknown | null; p_targets: unknown | null; }; row: { refuse_unseen: unknown | null; } };
  release_deferred: { args: { p_now: Date | string | null; p_account: string | null; p_reasons: (string | null)[] | null; p_max: number | null; }; row: { release_deferred: number | null; } };
  release_ended: { args: { p_account: string | null; t: Date | string | null; }; row: Record<string, never> };
  release_file: { args: { p_now: Date | string | null; p_message: string | null; }; row: Record<string, never> };
  release_reserved: { args: { t: Date | string | null; p_campaign: string | null; p_left: unknown | null; p_max: number | null; }; row: { released: number | null; needs: string | null; } };
  release_template: { args: { p_now: Date | string | null; p_account: string | null; p_name: string | null; p_language: string | null; p_max: number | null; }; row: { release_template: number | null; } };
  remove_deliveries: { args: { p_endpoint: string | null; p_before: Date | string | null; p_most: number | null; }; row: { remove_deliveries: number | null; } };
  replaced_values: { args: { p_before: string | null; p_after: string | null; }; row: { replaced_values: unknown | null; } };
  report_duplicated: { args: { p_messages: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  report_stuck: { args: { p_now: Date | string | null; }; row: { report_stuck: number | null; } };
  report_undelivered: { args: { p_now: Date | string | null; }; row: { report_undelivered: number | null; } };
  request_merge: { args: { t: Date | string | null; p_workspace: string | null; p_contact: string | null; p_other: string | null; }; row: Record<string, never> };
  requeue_deliveries: { args: { p_now: Date | string | null; p_endpoint: string | null; p_seq: (number | null)[] | null; }; row: { requeue_deliveries: number | null; } };
  requeue_messages: { args: { t: Date | string | null; p_ids: (string | null)[] | null; p_data: string | null; }; row: { account_id: string | null; done: number | null; } };
  resolve_unknown: { args: { p_now: Date | string | null; }; row: { account_id: string | null; done: number | null; } };
  restrict_lanes: { args: { p_account: (string | null)[] | null; p_class: (string | null)[] | null; p_until: (Date | string | null)[] | null; }; row: Record<string, never> };
  resume_number: { args: { p_account: string | null; t: Date | string | null; }; row: { resume_number: boolean | null; } };
  roll_up_costs: { args: Record<string, never>; row: { roll_up_costs: number | null; } };
  roll_up_counts: { args: Record<string, never>; row: { roll_up_counts: number | null; } };
  roll_up_lists: { args: Record<string, never>; row: { roll_up_lists: number | null; } };
  roll_up_times: { args: Record<string, never>; row: { roll_up_times: number | null; } };
  run_import: { args: { p_now: Date | string | null; p_import: string | null; p_runner: string | null; p_after: number | null; p_until: number | null; }; row: { run_import: number | null; } };
  says_thanks: { args: { p_type: string | null; p_content: string | null; }; row: { says_thanks: boolean | null; } };
  set_account_trouble: { args: { p_account: string | null; p_reason: string | null; t: Date | string | null; }; row: Record<string, never> };
  settle_deliveries: { args: { t: Date | string | null; p_endpoint: string | null; p_seq: (number | null)[] | null; p_attempt: (number | null)[] | null; p_started: (Date | string | null)[] | null; p_duration_ms: (number | null)[] | null; p_http: (number | null)[] | null; p_error: (string | null)[] | null; p_excerpt: (string | null)[] | null; p_wait_ms: (number | null)[] | null; }; row: { settle_deliveries: (number | null)[] | null; } };
  show_number: { args: { p_contact: string | null; p_number: string | null; }; row: Record<string, never> };
  sole_workspace: { args: Record<string, never>; row: { sole_workspace: string | null; } };
  spend_capped: { args: { p_workspace: string | null; p_account: string | null; }; row: { spend_capped: boolean | null; } };
  store_echoes: { args: { p_messages: unknown | null; t: Date | string | null; }; row: { message_id: string | null; n: number | null; } };
  store_messages: { args: { p_lanes: unknown | null; t: Date | string | null; p_requests: unknown | null; p_targets: unknown | null; p_charges: unknown | null; p_routes: (string | null)[] | null; p_runner: string | null; p_lease: string | null; }; row: { store_messages: unknown | null; } };
  store_received: { args: { p_messages: unknown | null; t: Date | string | null; }; row: { message_id: string | null; n: number | null; } };
  sum_attempts: { args: { p_message: string | null; p_fence: number | null; p_may_fail: boolean | null; }; row: { status: string | null; code: string | null; title: string | null; failed_at: Date | null; sent_at: Date | null; delivered_at: Date | null; read_at: Date | null; played_at: Date | null; channel_message_id: string | null; pricing: unknown | null; } };
  sum_evidence: { args: { p_told: unknown | null; }; row: { token: string | null; channel_message_id: string | null; status: string | null; sent_at: Date | null; delivered_at: Date | null; read_at: Date | null; played_at: Date | null; failed_at: Date | null; code: string | null; title: string | null; pricing: unknown | null; } };
  sweep_events: { args: { p_rows: (number | null)[] | null; }; row: Record<string, never> };
  take_keys: { args: { p_workspace: (string | null)[] | null; p_key: (string | null)[] | null; p_hash: (Buffer | null)[] | null; p_id: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  take_suggestions: { args: { p_import: string | null; p_most: number | null; }; row: { take_suggestions: number | null; } };
  takes_room: { args: { v: unknown | null; t: Date | string | null; }; row: { takes_room: boolean | null; } };
  team_hours: { args: { p_workspace: string | null; p_person: string | null; t: Date | string | null; }; row: { in_hours: boolean | null; hours_until: Date | null; hours_of: unknown | null; } };
  tell_failures: { args: { p_lane: unknown | null; p_first: boolean | null; p_error: (string | null)[] | null; p_seq: (number | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  texts_among: { args: { p_query: unknown | null; p_ids: (string | null)[] | null; }; row: { texts_among: string | null; } };
  texts_estimate: { args: { p_query: unknown | null; }; row: { texts_estimate: number | null; } };
  texts_with: { args: { p_query: unknown | null; }; row: { texts_with: string | null; } };
  token_of: { args: { p_id: string | null; p_n: number | null; }; row: { token_of: string | null; } };
  undo_created: { args: { p_contacts: (string | null)[] | null; p_written: (Date | string | null)[] | null; t: Date | string | null; }; row: { undo_created: string | null; } };
  undo_import: { args: { p_now: Date | string | null; p_import: string | null; p_runner: string | null; p_most: number | null; }; row: { undo_import: number | null; } };
  undo_updated: { args: { p_rows: unknown | null; p_before: (string | null)[] | null; t: Date | string | null; }; row: { undo_updated: string | null; } };
  unfold_evidence: { args: { p_messages: (string | null)[] | null; }; row: Record<string, never> };
  unread_lanes: { args: Record<string, never>; row: { unread_lanes: unknown | null; } };
  unserved_reason: { args: { a: unknown | null; }; row: { unserved_reason: string | null; } };
  update_imported: { args: { p_workspace: string | null; p_import: string | null; p_fill: boolean | null; p_rows: unknown | null; t: Date | string | null; }; row: { number: number | null; contact: string | null; fate: string | null; before: unknown | null; } };
  waits_itself: { args: { p_class: string | null; }; row: { waits_itself: boolean | null; } };
  wake_waiting: { args: { p_endpoint: string | null; p_all: boolean | null; p_seq: (number | null)[] | null; p_error: (string | null)[] | null; t: Date | string | null; }; row: Record<string, never> };
  warn_account: { args: { p_account: string | null; p_warning: string | null; t: Date | string | null; }; row: Record<string, never> };
  web_message_id: { args: { p_id: string | null; }; row: { web_message_id: string | null; } };
  whole_call: { args: { p_known: string | null; p_told: string | null; }; row: { whole_call: unknown | null; } };
  window_open: { args: { p_received: Date | string | null; p_called: Date | string | null; p_at: Date | string | null; }; row: { window_open: boolean | null; } };
  work_answered: { args: { v: unknown | null; p_message: string | null; p_by: string | null; t: Date | string | null; }; row: { state: string | null; state_since: Date | null; state_by: string | null; state_reason: string | null; episode_id: string | null; waiting_since: Date | null; answered_at: Date | null; answered_by: string | null; assignee_kind: string | null; assignee_id: string | null; assigned_at: Date | null; assigned_by: string | null; assign_reason: string | null; } };
  work_asked: { args: { v: unknown | null; p_message: string | null; p_thanks: boolean | null; t: Date | string | null; }; row: { state: string | null; state_since: Date | null; state_by: string | null; state_reason: string | null; snoozed_until: Date | null; episode_id: string | null; waiting_since: Date | null; } };
  work_merged: { args: { k: unknown | null; l: unknown | null; }; row: { state: string | null; state_since: Date | null; state_by: string | null; state_reason: string | null; snoozed_until: Date | null; episode_id: string | null; waiting_since: Date | null; answered_at: Date | null; answered_by: string | null; assignee_kind: string | null; assignee_id: string | null; assigned_at: Date | null; assigned_by: string | null; assign_reason: string | null; team_id: string | null; reassign_due_at: Date | null; } };
}

/** The SQL type of each argument. */
export const argumentTypes: { [Name in keyof SqlFunctions]: Record<string, string> } = {
  accept_messages: { p_again: 'boolean', p_now: 'timestamptz', p_workspace: 'uuid[]', p_account: 'uuid[]', p_key: 'text[]', p_hash: 'bytea[]', p_address: 'text[]', p_priority: 'smallint[]', p_type: 'text[]', p_content: 'jsonb[]', p_id: 'uuid[]', p_contact: 'uuid[]', p_conversation: 'uuid[]', p_created_by: 'uuid[]', p_send_at: 'timestamptz[]', p_expires_at: 'timestamptz[]', p_valid_for: 'int[]', p_on_unknown: 'text[]', p_on_window: 'text[]', p_category: 'text[]', p_batch: 'uuid[]', p_reference: 'text[]', p_metadata: 'jsonb[]', p_media: 'uuid[]', p_context: 'jsonb[]', p_campaign: 'uuid[]', p_seen: 'uuid[]', p_routes: 'text[]', p_runner: 'text', p_lease: 'interval' },
  add_aliases: { t: 'timestamptz', p_workspace: 'uuid[]', p_phone: 'text[]', p_user_id: 'text[]', p_parent: 'text[]', p_username: 'text[]' },
  add_deliveries: { p_now: 'timestamptz', p_endpoint: 'uuid[]', p_event: 'bigint[]', p_key: 'uuid[]', p_replay: 'uuid' },
  add_evidence: { p_told: 'evidence[]', t: 'timestamptz' },
  add_restored_attempts: { p_ids: 'uuid[]', t: 'timestamptz' },
  add_to_window: { p_at: 'timestamptz[]', p_n: 'int[]', p_total: 'int', p_seconds: 'int', p_end: 'timestamptz', p_calls: 'int', t: 'timestamptz' },
  add_usernames: { p_workspace: 'uuid[]', p_phone: 'text[]', p_user_id: 'text[]', p_username: 'text[]' },
  address_kind: { p_address: 'text' },
  advance: { p_conversations: 'uuid[]', t: 'timestamptz' },
  advance_deliveries: { p_endpoint: 'uuid', p_keys: 'uuid[]' },
  append_message_events: { p_facts: 'message_fact[]', t: 'timestamptz' },
  apply_change: { p_now: 'timestamptz', p_account: 'uuid', p_channel_message_id: 'text', p_change: 'text', p_type: 'text', p_content: 'jsonb', p_at: 'timestamptz', p_by: 'text[]' },
  apply_channel_limits: { p_account: 'uuid', p_now: 'timestamptz' },
  apply_evidence: { p_told: 'evidence[]', t: 'timestamptz' },
  apply_orphans: { p_token: 'uuid[]', t: 'timestamptz' },
  apply_receipts: { p_now: 'timestamptz', p_account: 'uuid[]', p_token: 'uuid[]', p_channel_message_id: 'text[]', p_status: 'text[]', p_at: 'timestamptz[]', p_code: 'text[]', p_title: 'text[]', p_pricing: 'jsonb[]' },
  apply_signals: { p_now: 'timestamptz', p_account: 'uuid[]', p_class: 'text[]', p_title: 'text[]', p_hash: 'bytea[]', p_at: 'timestamptz[]', p_until: 'timestamptz[]' },
  apply_words: { t: 'timestamptz', p_workspace: 'uuid[]', p_account: 'uuid[]', p_contact: 'uuid[]', p_message: 'uuid[]', p_word: 'jsonb[]' },
  assign_waiting: { p_team: 'uuid', p_now: 'timestamptz' },
  attempt_status: { p_class: 'text' },
  backoff: { p_step: 'double precision', p_most: 'double precision', p_failures: 'int' },
  bar_heads: { p_lanes: 'lane_limits[]', p_accounts: 'uuid[]', p_max: 'int[]', t: 'timestamptz' },
  batch_waits: { p_batch: 'uuid' },
  better_status: { p_known: 'text', p_word: 'text' },
  business_due: { p_hours: 'jsonb', p_from: 'timestamptz', p_minutes: 'int' },
  called_token: { p_account: 'uuid', p_channel_message_id: 'text' },
  candidates: { p_lanes: 'lane_limits[]', p_accounts: 'uuid[]', p_max: 'int[]', t: 'timestamptz' },
  cap_window: { p_now: 'timestamptz', p_account: 'uuid' },
  changed_message: { p_account: 'uuid', p_channel_message_id: 'text', p_by: 'text[]' },
  charge_places: { p_facts: 'charge_fact[]' },
  check_queue: {  },
  check_rows: { p_import: 'uuid', p_workspace: 'uuid', p_rows: 'jsonb' },
  claim_deliveries: { p_now: 'timestamptz', p_endpoint: 'uuid', p_runner: 'uuid', p_busy: 'uuid[]', p_max: 'int', p_chain: 'int', p_lease: 'interval' },
  claim_media: { p_account: 'uuid', p_max: 'int', p_slots: 'int', p_routes: 'text[]', p_lease: 'interval', p_pauses: 'double precision[]', p_now: 'timestamptz' },
  claim_messages: { p_accounts: 'uuid[]', p_max: 'int[]', p_routes: 'text[]', p_runner: 'text', p_lease: 'interval', p_random: 'double precision', p_now: 'timestamptz' },
  clear_deleted_endpoints: { p_most: 'int' },
  clear_heads: { p_lanes: 'lane_limits[]', p_accounts: 'uuid[]', p_max: 'int[]', t: 'timestamptz' },
  clock: { p_now: 'timestamptz' },
  close_merge: { p_contact: 'uuid', p_other: 'uuid', kept: 'uuid', lost: 'uuid', t: 'timestamptz' },
  contacts_named: { p_part: 'text', p_name: 'text', p_except: 'text', p_most: 'int' },
  contacts_with_fields: { p_fields: 'jsonb', p_most: 'int' },
  counted_in: { p_quarter: 'timestamptz', p_account: 'uuid', p_template: 'text', p_campaign: 'uuid', p_sender: 'uuid', p_calling_code: 'text' },
  create_imported: { p_workspace: 'uuid', p_import: 'uuid', p_rows: 'imported_contact[]', t: 'timestamptz' },
  day_limit: { a: 'account', p_day: 'date' },
  decide_sent: { t: 'timestamptz', p_id: 'uuid' },
  defer_merge: { p_contact: 'uuid', p_other: 'uuid', p_due: 'timestamptz' },
  due_answers: { p_now: 'timestamptz', p_message: 'uuid[]', p_action: 'text[]', p_answer: 'uuid[]' },
  due_deliveries: { p_at: 'timestamptz', p_endpoint: 'uuid', p_busy: 'uuid[]', p_most: 'int', p_chain: 'int' },
  due_endpoints: { p_now: 'timestamptz' },
  end_account_trouble: { p_account: 'uuid', t: 'timestamptz' },
  end_barred: { p_now: 'timestamptz', p_contacts: 'uuid[]' },
  end_doubles: { p_now: 'timestamptz', p_contact: 'uuid' },
  end_number: { p_account: 'uuid', p_reason: 'text', t: 'timestamptz' },
  end_open: { p_now: 'timestamptz', p_ids: 'uuid[]', p_word: 'text', p_data: 'jsonb' },
  ensure_conversations: { p_workspace: 'uuid[]', p_account: 'uuid[]', p_address: 'text[]', p_contact: 'uuid[]', p_conversation: 'uuid[]', p_outcome: 'text[]', t: 'timestamptz' },
  ensure_people: { t: 'timestamptz', p_workspace: 'uuid[]', p_phone: 'text[]', p_user_id: 'text[]', p_parent: 'text[]', p_name: 'text[]', p_contact: 'uuid[]' },
  event_of: { p_id: 'bigint' },
  event_row: { p_id: 'bigint' },
  events_of: { p_ids: 'uuid[]' },
  evidence_rank: { p_status: 'text' },
  expected_charges: { p_requests: 'accept_request[]', p_targets: 'accept_target[]', t: 'timestamptz' },
  expire_deliveries: { p_before: 'timestamptz', p_most: 'int' },
  expire_messages: { p_now: 'timestamptz' },
  fail_unknown: { t: 'timestamptz', p_ids: 'uuid[]', p_title: 'text', p_data: 'jsonb' },
  find_contacts: { p_text: 'text', p_name: 'text', p_except: 'text', p_value: 'text', p_most: 'int' },
  find_conversations: { p_requests: 'accept_request[]', p_targets: 'accept_target[]' },
  find_tokens: { p_account: 'uuid[]', p_token: 'uuid[]', p_channel_message_id: 'text[]' },
  fold_present: { p_workspace: 'uuid[]', p_account: 'uuid[]', p_direction: 'text[]', p_type: 'text[]', p_status: 'text[]', p_priority: 'smallint[]', p_span: 'bigint[]', p_present: 'int[]' },
  follow_ends: { t: 'timestamptz', p_account: 'uuid[]', p_class: 'text[]', p_title: 'text[]' },
  follow_person: { t: 'timestamptz', p_workspace: 'uuid', p_kind: 'text[]', p_value: 'text[]', p_phone: 'text', p_user_id: 'text' },
  free_estimates: { p_account: 'uuid', p_campaign: 'uuid', p_max: 'int' },
  free_fields: { p_most: 'int' },
  free_keys: { p_workspace: 'uuid[]', p_key: 'text[]', p_id: 'uuid[]', p_outcome: 'text[]' },
  free_labelled: { p_most: 'int' },
  had_last: { v: 'conversation' },
  has_events_after: { p_xid: 'xid8', p_id: 'bigint' },
  has_user_id: { p_contact: 'uuid' },
  hear_words: { p_messages: 'received[]', t: 'timestamptz' },
  heard_since: { a: 'account', m: 'open_message' },
  hold_after_claim: { p_account: 'uuid', p_today: 'date', p_held_until: 'timestamptz', p_jitter_ms: 'int', p_left_today: 'int', p_tomorrow: 'timestamptz', p_rate_left: 'int', p_span: 'interval', p_window_at: 'timestamptz[]', p_window_n: 'int[]', p_waiting: 'int', p_begun: 'int', p_random: 'double precision', t: 'timestamptz' },
  hold_campaign: { p_now: 'timestamptz', p_account: 'uuid', p_campaign: 'uuid', p_max: 'int' },
  hold_heads: { p_lanes: 'lane_limits[]', p_accounts: 'uuid[]', p_max: 'int[]', t: 'timestamptz' },
  hold_lanes: { t: 'timestamptz', p_account: 'uuid[]', p_class: 'text[]', p_wait_ms: 'int[]' },
  hold_stopped_heads: { p_lanes: 'lane_limits[]', p_accounts: 'uuid[]', p_max: 'int[]', t: 'timestamptz' },
  hold_template: { p_now: 'timestamptz', p_account: 'uuid', p_name: 'text', p_language: 'text', p_max: 'int' },
  import_source: { p_import: 'uuid', t: 'timestamptz' },
  import_sources: { p_fields: 'jsonb', p_source: 'jsonb' },
  imported_place: { m: 'received' },
  in_trouble: { p_lane: 'lane', t: 'timestamptz' },
  is_barred: { p_message: 'uuid', p_contact: 'uuid', p_category: 'text' },
  is_call: { p_class: 'text' },
  is_opted_out: { p_contact: 'uuid', p_category: 'text' },
  is_told: { p_event: 'bigint' },
  is_unread: { p_lanes: 'unread_lane[]', m: 'open_message', t: 'timestamptz' },
  join_contacts: { kept: 'uuid', lost: 'uuid', t: 'timestamptz', p_take: 'text[]', p_numbers_stay: 'boolean' },
  join_people: { t: 'timestamptz', p_workspace: 'uuid[]', p_phone: 'text[]', p_user_id: 'text[]', p_name: 'text[]' },
  judge_requests: { p_again: 'boolean', p_lanes: 'lane_limits[]', t: 'timestamptz', p_requests: 'accept_request[]', p_targets: 'accept_target[]' },
  keep_opt_outs_of: { p_contacts: 'uuid[]', p_erase: 'boolean' },
  keep_receipts: { p_account: 'uuid[]', p_token: 'uuid[]', p_channel_message_id: 'text[]', p_status: 'text[]', p_at: 'timestamptz[]', p_code: 'text[]', p_title: 'text[]', p_pricing: 'jsonb[]', t: 'timestamptz' },
  keep_version: { p_message: 'uuid', p_readable: 'boolean', p_at: 'timestamptz' },
  lacks_consent: { p_workspace: 'uuid', p_contact: 'uuid' },
  lane_hold: { a: 'account', l: 'lane', t: 'timestamptz' },
  lane_summaries: { p_lanes: 'lane_limits[]', t: 'timestamptz' },
  living_fields: { p_workspace: 'uuid', p_values: 'jsonb' },
  lock_inbound: { p_signal_account: 'uuid[]', p_message_account: 'uuid[]', p_receipt_account: 'uuid[]', p_token: 'uuid[]', p_workspace: 'uuid[]' },
  lock_lanes: { p_accounts: 'uuid[]', p_now: 'timestamptz' },
  log_uuid: { p_number: 'bigint', p_at: 'timestamptz' },
  longest_transaction: {  },
  mark_reachable: { p_contacts: 'uuid[]', p_at: 'timestamptz[]' },
  mark_repeated: { p_import: 'uuid', p_keys: 'text[]' },
  mark_restored: { p_resume: 'boolean' },
  match_outcomes: { t: 'timestamptz', p_token: 'uuid[]', p_class: 'text[]', p_channel_message_id: 'text[]', p_code: 'text[]', p_title: 'text[]', p_wait_ms: 'int[]', p_ago_ms: 'double precision[]' },
  members_with_room: { g: 'team', p_people: 'uuid[]', t: 'timestamptz' },
  merge_contacts: { p_now: 'timestamptz', p_contact: 'uuid', p_other: 'uuid', p_kept: 'uuid', p_take: 'text[]' },
  merge_conversations: { p_kept: 'uuid', p_lost: 'uuid', t: 'timestamptz' },
  merge_opt_outs: { p_now: 'timestamptz', p_kept: 'uuid', p_lost: 'uuid' },
  message_kind: { p_type: 'text', p_category: 'text' },
  move_conversation_labels: { p_ended: 'uuid[]', p_into: 'uuid[]' },
  move_day: { p_now: 'timestamptz', p_account: 'uuid', p_zone: 'text' },
  move_episodes: { p_ended: 'uuid[]', p_into: 'uuid[]', t: 'timestamptz' },
  move_memberships: { kept: 'uuid', lost: 'uuid' },
  move_notes: { p_ended: 'uuid[]', p_into: 'uuid[]' },
  name_people: { t: 'timestamptz', p_workspace: 'uuid[]', p_phone: 'text[]', p_user_id: 'text[]', p_name: 'text[]' },
  next_rows: { p_import: 'contact_import', p_after: 'int', p_until: 'int' },
  next_slot_at: { p_at: 'timestamptz[]', p_n: 'int[]', p_span: 'interval', t: 'timestamptz', p_left: 'int' },
  next_state: { p_class: 'text', p_evidence: 'text', p_is_over: 'boolean', p_is_unwanted: 'boolean' },
  note_owners: { p_messages: 'received[]' },
  note_sent: { p_requests: 'accept_request[]', p_targets: 'accept_target[]', t: 'timestamptz' },
  number_of: { p_token: 'uuid' },
  old_deliveries: { p_endpoint: 'uuid', p_before: 'timestamptz', p_most: 'int' },
  open_lanes: {  },
  open_windows: { p_conversations: 'uuid[]', t: 'timestamptz' },
  opt_in_contacts: { p_ids: 'uuid[]', p_reason: 'text', p_source: 'text', p_account: 'uuid', p_proof: 'jsonb', p_actor_kind: 'text', p_created_by: 'uuid', p_at: 'timestamptz' },
  opt_out_contacts: { p_ids: 'uuid[]', p_contacts: 'uuid[]', p_category: 'text', p_reason: 'text', p_source: 'text', p_account: 'uuid', p_proof: 'jsonb', p_actor_kind: 'text', p_created_by: 'uuid', p_at: 'timestamptz' },
  opt_out_known: { p_now: 'timestamptz', p_import: 'uuid', p_runner: 'uuid', p_after: 'int', p_until: 'int' },
  opt_out_rows: { p_now: 'timestamptz', i: 'contact_import', p_after: 'int', p_until: 'int', p_fates: 'text[]' },
  pass_on_ledger: { p_workspace: 'uuid', p_contacts: 'uuid[]', p_to: 'uuid' },
  price_messages: { p_facts: 'charge_fact[]' },
  prolong_grace_periods: { p_now: 'timestamptz' },
  queue_due: { p_now: 'timestamptz' },
  queued_before: { p_workspace: 'uuid', p_account: 'uuid', p_priority: 'smallint' },
  quiet_end: { a: 'account', t: 'timestamptz' },
  raise_serialization_failure: {  },
  rate_used: { p_at: 'timestamptz[]', p_n: 'int[]', p_span: 'interval', t: 'timestamptz' },
  raw_webhook: { p_id: 'bigint' },
  read_on_phone: { p_conversations: 'uuid[]', p_groups: 'text[]', p_at: 'timestamptz[]', t: 'timestamptz' },
  ready_heads: { p_lanes: 'lane_limits[]', p_accounts: 'uuid[]', p_max: 'int[]', t: 'timestamptz' },
  ready_lanes: { p_routes: 'text[]', p_now: 'timestamptz' },
  receive_messages: { p_now: 'timestamptz', p_messages: 'jsonb' },
  reconcile: { p_now: 'timestamptz', p_runner: 'text', p_in_hand: 'uuid[]' },
  record_calls: { p_calls: 'ended_call[]', t: 'timestamptz' },
  record_deliveries: { p_now: 'timestamptz', p_endpoint: 'uuid', p_seq: 'bigint[]', p_attempt: 'int[]', p_started: 'timestamptz[]', p_duration_ms: 'int[]', p_http: 'int[]', p_error: 'text[]', p_excerpt: 'text[]', p_wait_ms: 'bigint[]', p_hold_ms: 'bigint' },
  record_echoes: { p_message: 'uuid[]', p_account: 'uuid[]', p_channel_message_id: 'text[]', p_sent_at: 'timestamptz[]', t: 'timestamptz' },
  record_lanes: { p_calls: 'ended_call[]', t: 'timestamptz' },
  record_late: { t: 'timestamptz', p_token: 'uuid[]', p_class: 'text[]', p_channel_message_id: 'text[]', p_code: 'text[]', p_title: 'text[]', p_settled: 'uuid[]' },
  record_media: { p_now: 'timestamptz', p_id: 'uuid', p_attempts: 'int', p_status: 'text', p_sha256: 'text', p_size: 'bigint', p_mime_type: 'text', p_width: 'int', p_height: 'int', p_thumbnail: 'text', p_code: 'text', p_title: 'text', p_wait_ms: 'double precision', p_data: 'jsonb' },
  record_messages: { p_messages: 'uuid[]', t: 'timestamptz', p_by_hand: 'boolean', p_told: 'evidence[]' },
  record_outcomes: { p_now: 'timestamptz', p_token: 'uuid[]', p_class: 'text[]', p_channel_message_id: 'text[]', p_code: 'text[]', p_title: 'text[]', p_wait_ms: 'int[]', p_ago_ms: 'double precision[]' },
  record_trouble: { t: 'timestamptz', p_calls: 'ended_call[]' },
  recover_lost_calls: { p_now: 'timestamptz' },
  refuse_unseen: { p_requests: 'accept_request[]', p_targets: 'accept_target[]' },
  release_deferred: { p_now: 'timestamptz', p_account: 'uuid', p_reasons: 'text[]', p_max: 'int' },
  release_ended: { p_account: 'uuid', t: 'timestamptz' },
  release_file: { p_now: 'timestamptz', p_message: 'uuid' },
  release_reserved: { t: 'timestamptz', p_campaign: 'uuid', p_left: 'numeric', p_max: 'int' },
  release_template: { p_now: 'timestamptz', p_account: 'uuid', p_name: 'text', p_language: 'text', p_max: 'int' },
  remove_deliveries: { p_endpoint: 'uuid', p_before: 'timestamptz', p_most: 'int' },
  replaced_values: { p_before: 'jsonb', p_after: 'jsonb' },
  report_duplicated: { p_messages: 'uuid[]', t: 'timestamptz' },
  report_stuck: { p_now: 'timestamptz' },
  report_undelivered: { p_now: 'timestamptz' },
  request_merge: { t: 'timestamptz', p_workspace: 'uuid', p_contact: 'uuid', p_other: 'uuid' },
  requeue_deliveries: { p_now: 'timestamptz', p_endpoint: 'uuid', p_seq: 'bigint[]' },
  requeue_messages: { t: 'timestamptz', p_ids: 'uuid[]', p_data: 'jsonb' },
  resolve_unknown: { p_now: 'timestamptz' },
  restrict_lanes: { p_account: 'uuid[]', p_class: 'text[]', p_until: 'timestamptz[]' },
  resume_number: { p_account: 'uuid', t: 'timestamptz' },
  roll_up_costs: {  },
  roll_up_counts: {  },
  roll_up_lists: {  },
  roll_up_times: {  },
  run_import: { p_now: 'timestamptz', p_import: 'uuid', p_runner: 'uuid', p_after: 'int', p_until: 'int' },
  says_thanks: { p_type: 'text', p_content: 'jsonb' },
  set_account_trouble: { p_account: 'uuid', p_reason: 'text', t: 'timestamptz' },
  settle_deliveries: { t: 'timestamptz', p_endpoint: 'uuid', p_seq: 'bigint[]', p_attempt: 'int[]', p_started: 'timestamptz[]', p_duration_ms: 'int[]', p_http: 'int[]', p_error: 'text[]', p_excerpt: 'text[]', p_wait_ms: 'bigint[]' },
  show_number: { p_contact: 'uuid', p_number: 'text' },
  sole_workspace: {  },
  spend_capped: { p_workspace: 'uuid', p_account: 'uuid' },
  store_echoes: { p_messages: 'received[]', t: 'timestamptz' },
  store_messages: { p_lanes: 'lane_limits[]', t: 'timestamptz', p_requests: 'accept_request[]', p_targets: 'accept_target[]', p_charges: 'message_charge[]', p_routes: 'text[]', p_runner: 'text', p_lease: 'interval' },
  store_received: { p_messages: 'received[]', t: 'timestamptz' },
  sum_attempts: { p_message: 'uuid', p_fence: 'int', p_may_fail: 'boolean' },
  sum_evidence: { p_told: 'evidence[]' },
  sweep_events: { p_rows: 'bigint[]' },
  take_keys: { p_workspace: 'uuid[]', p_key: 'text[]', p_hash: 'bytea[]', p_id: 'uuid[]', t: 'timestamptz' },
  take_suggestions: { p_import: 'uuid', p_most: 'int' },
  takes_room: { v: 'conversation', t: 'timestamptz' },
  team_hours: { p_workspace: 'uuid', p_person: 'uuid', t: 'timestamptz' },
  tell_failures: { p_lane: 'delivery_lane', p_first: 'boolean', p_error: 'text[]', p_seq: 'bigint[]', t: 'timestamptz' },
  texts_among: { p_query: 'tsquery', p_ids: 'uuid[]' },
  texts_estimate: { p_query: 'tsquery' },
  texts_with: { p_query: 'tsquery' },
  token_of: { p_id: 'uuid', p_n: 'int' },
  undo_created: { p_contacts: 'uuid[]', p_written: 'timestamptz[]', t: 'timestamptz' },
  undo_import: { p_now: 'timestamptz', p_import: 'uuid', p_runner: 'uuid', p_most: 'int' },
  undo_updated: { p_rows: 'imported_contact[]', p_before: 'jsonb[]', t: 'timestamptz' },
  unfold_evidence: { p_messages: 'uuid[]' },
  unread_lanes: {  },
  unserved_reason: { a: 'account' },
  update_imported: { p_workspace: 'uuid', p_import: 'uuid', p_fill: 'boolean', p_rows: 'imported_contact[]', t: 'timestamptz' },
  waits_itself: { p_class: 'text' },
  wake_waiting: { p_endpoint: 'uuid', p_all: 'boolean', p_seq: 'bigint[]', p_error: 'text[]', t: 'timestamptz' },
  warn_account: { p_account: 'uuid', p_warning: 'text', t: 'timestamptz' },
  web_message_id: { p_id: 'uuid' },
  whole_call: { p_known: 'jsonb', p_told: 'jsonb' },
  window_open: { p_received: 'timestamptz', p_called: 'timestamptz', p_at: 'timestamptz' },
  work_answered: { v: 'conversation', p_message: 'uuid', p_by: 'uuid', t: 'timestamptz' },
  work_asked: { v: 'conversation', p_message: 'uuid', p_thanks: 'boolean', t: 'timestamptz' },
  work_merged: { k: 'conversation', l: 'conversation' },
};
