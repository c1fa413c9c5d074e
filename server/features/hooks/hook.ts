// A hook and its calls: how they are shown.
import type { Hook, HookCall } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { CallRow, ShownCall } from './call-store.ts';
import type { HookRow, ShownHook } from './hook-store.ts';

/** The beginning of each token, by which people and scanners know it. */
export const tokenPrefix = 'hk_';

const templateOf = ({ template, language, variables }: HookRow) =>
  template === null || language === null ? null : { name: template, language, variables: variables ?? [] };

export const presentHook = (row: ShownHook): Hook => ({
  id: toId('hook', row.id),
  name: row.name,
  account_id: toId('account', row.account_id),
  contact_ids: row.contacts.map(id => toId('contact', id)),
  template: templateOf(row),
  format: row.format,
  tells_resolved: row.tells_resolved,
  group_seconds: row.group_s,
  limit: { messages: row.limit_n, seconds: row.limit_s },
  token_end: row.token_end,
  calls: row.calls,
  last_call:
    row.last_at === null || row.last_outcome === null
      ? null
      : { at: row.last_at.toISOString(), outcome: row.last_outcome },
  created_by: toId(row.created_by_kind, row.created_by),
  created_at: row.created_at.toISOString(),
});

const statusOf = ({ outcome }: CallRow): number => (outcome === 'rejected' ? 400 : 202);

export const presentCall = (row: ShownCall): HookCall => ({
  id: toId('hook_call', row.id),
  at: row.at.toISOString(),
  format: row.format,
  state: row.state,
  title: row.title,
  outcome: row.outcome,
  status: statusOf(row),
  error: row.error,
  told_with: row.group_id === null || row.group_id === row.id ? null : toId('hook_call', row.group_id),
  messages: { total: row.messages.length, by_status: row.by_status },
});
