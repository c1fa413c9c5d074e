// Alerts and rules: their rows, and how they are shown.
import {
  type Alert,
  type AlertRule,
  type AlertRuleState,
  type AlertSeverity,
  type AlertSignal,
  type AlertSubject,
  signalFacts,
} from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { Seen } from './round-store.ts';
import { guideOf, remedies, titleOf, withoutNumbers } from './texts.ts';

export interface AlertRow {
  id: string;
  rule_id: string | null;
  signal: AlertSignal;
  severity: AlertSeverity;
  subject_kind: AlertSubject;
  subject_id: string;
  subject: string;
  value: number;
  n: number | null;
  detail: Record<string, unknown>;
  began_at: Date;
  cleared_at: Date | null;
  unstable: boolean;
  taken_by_kind: 'person' | 'api_key' | null;
  taken_by: string | null;
  taken_name: string | null;
  taken_at: Date | null;
  note: string | null;
  muted_until: Date | null;
  muted_by_kind: 'person' | 'api_key' | null;
  muted_by: string | null;
  muted_name: string | null;
  rule_note: string | null;
}

const iso = (time: Date | null) => time?.toISOString() ?? null;

const who = (kind: 'person' | 'api_key' | null, id: string | null, name: string | null) =>
  kind === null || id === null ? null : { id: toId(kind, id), name };

/** Reasons come from outside, so they are shown without numbers. */
const shownDetail = (detail: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(detail).flatMap(([name, value]) =>
      value === null ? [] : [[name, name === 'reason' && typeof value === 'string' ? withoutNumbers(value) : value]],
    ),
  );

export const presentAlert = (row: AlertRow): Alert => ({
  id: toId('alert', row.id),
  rule_id: row.rule_id === null ? null : toId('alert_rule', row.rule_id),
  signal: row.signal,
  severity: row.severity,
  state: row.cleared_at === null ? 'firing' : 'cleared',
  subject: { kind: row.subject_kind, id: toId(row.subject_kind, row.subject_id), name: row.subject },
  title: titleOf(row),
  remedy: remedies[row.signal],
  guide: guideOf(row.signal),
  note: row.rule_note,
  value: row.value,
  n: row.n,
  detail: shownDetail(row.detail),
  began_at: row.began_at.toISOString(),
  cleared_at: iso(row.cleared_at),
  unstable: row.unstable,
  taken_by: who(row.taken_by_kind, row.taken_by, row.taken_name),
  taken_at: iso(row.taken_at),
  taken_note: row.note,
  muted_until: iso(row.muted_until),
  muted_by: who(row.muted_by_kind, row.muted_by, row.muted_name),
});

export interface RuleRow {
  id: string;
  signal: AlertSignal;
  enabled: boolean;
  accounts: string[] | null;
  fire_above: number;
  clear_below: number;
  minimum: number;
  window_s: number;
  for_s: number;
  keep_s: number;
  severity: AlertSeverity;
  note: string | null;
  people: string[] | null;
  muted_until: Date | null;
  seen: Seen;
  /** The name of the subject in `seen`; null where the caller does not see it. */
  subject: string | null;
  firing: number;
  pending: number;
  created_at: Date;
}

function stateOf(row: RuleRow, now: number): AlertRuleState {
  if (!row.enabled) return 'off';
  if (row.muted_until && row.muted_until.getTime() > now) return 'muted';
  if (row.firing > 0) return 'firing';
  if (row.pending > 0) return 'pending';
  return (row.seen.value ?? null) === null ? 'no_data' : 'ok';
}

export const presentRule = (row: RuleRow, now: number): AlertRule => {
  const { subject_id: subject, value, n = null } = row.seen;
  // A caller who is limited to some accounts learns nothing of others.
  const hidden = subject !== null && subject !== undefined && row.subject === null;
  return {
    id: toId('alert_rule', row.id),
    signal: row.signal,
    enabled: row.enabled,
    account_ids: row.accounts?.map(id => toId('account', id)) ?? null,
    fire_above: row.fire_above,
    clear_below: row.clear_below,
    minimum: row.minimum,
    window_seconds: row.window_s,
    for_seconds: row.for_s,
    keep_seconds: row.keep_s,
    severity: row.severity,
    note: row.note,
    person_ids: row.people?.map(id => toId('person', id)) ?? null,
    muted_until: iso(row.muted_until),
    state: stateOf(row, now),
    firing: row.firing,
    now: value === undefined || hidden ? null : { subject: row.subject, value, n },
    created_at: row.created_at.toISOString(),
  };
};

/** What a new rule of a signal says where nobody says more. */
export const usualRule = (signal: AlertSignal) => signalFacts[signal].rule;
