// Making and changing rules.
import type { CreateAlertRule, UpdateAlertRule } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { knownAccounts } from '../accounts/index.ts';
import { type RuleRow, usualRule } from './alert.ts';
import { countMembers, type RuleSettings } from './store.ts';

/** What is stored of a new rule: what the body says, else what is usual for its signal. @throws AppError */
export async function newRule(tx: Queryable, workspaceId: string, body: CreateAlertRule): Promise<RuleSettings> {
  const usual = usualRule(body.signal);
  const before: RuleSettings = {
    ...usual,
    enabled: true,
    accounts: null,
    window_s: usual.window_seconds,
    for_s: usual.for_seconds,
    keep_s: usual.keep_seconds,
    note: null,
    people: null,
    muted_until: null,
  };
  return changedRule(tx, workspaceId, before, body);
}

/** What is stored after a change. @throws AppError where it cannot be */
export async function changedRule(
  tx: Queryable,
  workspaceId: string,
  before: RuleSettings | RuleRow,
  body: UpdateAlertRule,
): Promise<RuleSettings> {
  const given = <Value>(value: Value | undefined, former: Value): Value => (value === undefined ? former : value);
  const ids = (list: string[] | null | undefined, former: string[] | null) =>
    list === undefined ? former : (list?.map(toUuid) ?? null);
  const rule: RuleSettings = {
    enabled: given(body.enabled, before.enabled),
    accounts: ids(body.account_ids, before.accounts),
    fire_above: given(body.fire_above, before.fire_above),
    clear_below: given(body.clear_below, before.clear_below),
    minimum: given(body.minimum, before.minimum),
    window_s: given(body.window_seconds, before.window_s),
    for_s: given(body.for_seconds, before.for_s),
    keep_s: given(body.keep_seconds, before.keep_s),
    severity: given(body.severity, before.severity),
    note: given(body.note, before.note),
    people: ids(body.person_ids, before.people),
    muted_until:
      body.muted_until === undefined
        ? before.muted_until
        : body.muted_until === null
          ? null
          : new Date(body.muted_until),
  };
  // A flag is above 0 and clears below 1.
  if (rule.clear_below > Math.max(rule.fire_above, 1))
    throw invalid('clear_below', 'Must not be above fire_above: what clears has to be below what fires.');
  if (
    body.account_ids &&
    (await knownAccounts(tx, workspaceId, rule.accounts ?? [])).length < (rule.accounts ?? []).length
  )
    throw invalid('account_ids', 'Not all of these accounts exist.');
  if (body.person_ids && (await countMembers(tx, workspaceId, rule.people ?? [])) < new Set(rule.people).size)
    throw invalid('person_ids', 'Not all of these people are members of the workspace.');
  return rule;
}
