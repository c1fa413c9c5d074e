// The tables cost_setting and cost_account: currency, caps and surcharges, and how far the spend of the month is.
import type { UpdateCostSettings } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { toUuid } from '../../kit/ids.ts';

export interface SettingRow {
  currency: string | null;
  cap: string | null;
  account_cap: string | null;
  campaign_cap: string | null;
}

export interface AccountSettingRow {
  account_id: string;
  cap: string | null;
  surcharge_percent: string;
  surcharge_fixed: string;
}

/** The accounts whose messages the channel bills. */
export const isBilled = sql`not a.simulated and not a.needs_session and a.deleted_at is null`;

export async function findCostSetting(db: Queryable, workspaceId: string): Promise<SettingRow> {
  const [row] = await db.query<SettingRow>(sql`select currency, trim_scale(cap)::text as cap,
    trim_scale(account_cap)::text as account_cap, trim_scale(campaign_cap)::text as campaign_cap
    from cost_setting where workspace_id = ${workspaceId}`);
  return row ?? { currency: null, cap: null, account_cap: null, campaign_cap: null };
}

export const accountSettings = (db: Queryable, workspaceId: string): Promise<AccountSettingRow[]> =>
  db.query<AccountSettingRow>(sql`select a.id as account_id, trim_scale(c.cap)::text as cap,
      trim_scale(coalesce(c.surcharge_percent, 0))::text as surcharge_percent,
      trim_scale(coalesce(c.surcharge_fixed, 0))::text as surcharge_fixed
    from account a left join cost_account c on c.account_id = a.id
    where a.workspace_id = ${workspaceId} and ${isBilled} order by a.id`);

/** Sets the currency of a workspace that has none yet. Returns the one that it has then. */
export async function settleCurrency(tx: Queryable, workspaceId: string, currency: string): Promise<string> {
  const [row] = await tx.query<{ currency: string }>(sql`
    insert into cost_setting as s (workspace_id, currency) values (${workspaceId}, ${currency})
    on conflict (workspace_id) do update set currency = coalesce(s.currency, excluded.currency) returning currency`);
  return row?.currency ?? currency;
}

/** Changes the settings of a workspace and of its accounts. Returns an account that is none of its billed ones. */
export async function changeCostSettings(
  tx: Queryable,
  workspaceId: string,
  change: UpdateCostSettings,
): Promise<string | undefined> {
  await tx.query(
    sql`insert into cost_setting (workspace_id) values (${workspaceId}) on conflict (workspace_id) do nothing`,
  );
  await tx.query(sql`update cost_setting set
      cap = ${changed(change.cap, sql`cap`)}, account_cap = ${changed(change.account_cap, sql`account_cap`)},
      campaign_cap = ${changed(change.campaign_cap, sql`campaign_cap`)}
    where workspace_id = ${workspaceId}`);
  for (const each of change.accounts ?? []) {
    const id = toUuid(each.account_id);
    const rows = await tx.query(sql`
      insert into cost_account as c (account_id, workspace_id, cap, surcharge_percent, surcharge_fixed)
      select a.id, a.workspace_id, ${each.cap ?? null}::numeric, coalesce(${each.surcharge_percent ?? null}::numeric, 0),
        coalesce(${each.surcharge_fixed ?? null}::numeric, 0)
      from account a where a.id = ${id} and a.workspace_id = ${workspaceId} and ${isBilled}
      on conflict (account_id) do update set cap = ${changed(each.cap, sql`c.cap`)},
        surcharge_percent = ${changed(each.surcharge_percent, sql`c.surcharge_percent`)},
        surcharge_fixed = ${changed(each.surcharge_fixed, sql`c.surcharge_fixed`)}
      returning 1`);
    if (rows.length === 0) return each.account_id;
  }
  return undefined;
}

const changed = (value: string | null | undefined, column: Fragment): Fragment =>
  value === undefined ? column : sql`${value}::numeric`;
