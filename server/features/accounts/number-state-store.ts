// What the channel says about numbers, in the table account.
import type { AccountWebhooks } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { BusinessInfo, NumberInfo, TokenInfo } from '../../ports/business.ts';
import { type NumberFacts, numberFacts } from './account.ts';
import type { ChannelLimits } from './channel-limits.ts';

/** A reading of a number; parts that could not be read are undefined. */
export interface NumberReading {
  number: NumberInfo;
  business: BusinessInfo | undefined;
  webhooks: AccountWebhooks | undefined;
  token: Pick<TokenInfo, 'expiresAt'> | undefined;
}

/** The next reading is after an hour, and up to a tenth of it later, so that accounts do not ask all at once. */
const nextCheck = (now: Date | null) => sql`clock(${now}) + (1 + random() / 10) * interval '1 hour'`;

/** Keeps what the channel says; unknown values keep what was known. The caller has locked the lane. */
export async function saveNumberState(
  tx: Queryable,
  id: string,
  { number: info, business, webhooks, token }: NumberReading,
  limits: ChannelLimits,
  now: Date | null,
): Promise<void> {
  const facts: Partial<NumberFacts> = numberFacts(info, business, token);
  const { messagingLimit = null, throughput = null } = info;
  await tx.query(sql`update account set phone = coalesce(${info.phone ?? null}, phone),
      verified_name = coalesce(${info.verifiedName ?? null}, verified_name),
      name_status = coalesce(${info.nameStatus ?? null}, name_status), quality = coalesce(${info.quality ?? null}, quality),
      throughput = coalesce(${info.throughput ?? null}, throughput),
      messaging_limit = coalesce(${info.messagingLimit ?? null}, messaging_limit),
      number_facts = number_facts || ${JSON.stringify(facts)}::jsonb,
      webhooks = coalesce(${webhooks ? JSON.stringify(webhooks) : null}::jsonb, webhooks),
      limit_lowered = case
        when messaging_limit <> ${messagingLimit}
            and coalesce(${limits.newPerDay}::int, 'infinity'::float8) < coalesce(channel_new_per_day, 'infinity'::float8)
          then jsonb_build_object('at', clock(${now}), 'from', messaging_limit, 'to', ${messagingLimit}::text)
        when throughput <> ${throughput} and ${limits.perSecond}::int < channel_per_second
          then jsonb_build_object('at', clock(${now}), 'from', throughput, 'to', ${throughput}::text)
        when messaging_limit <> ${messagingLimit} or throughput <> ${throughput} then null
        else limit_lowered end,
      channel_per_second = case when ${info.throughput ?? null}::text is null and ${limits.perSecond}::int is null
        then channel_per_second else ${limits.perSecond} end,
      channel_new_per_day = case when ${info.messagingLimit ?? null}::text is null then channel_new_per_day else ${limits.newPerDay} end,
      checked_at = clock(${now}), check_due_at = ${nextCheck(now)}
    where id = ${id} and deleted_at is null`);
}

/**
 * Keeps why the channel lets a number send nothing; null: it may send. The account needs attention without a hold until
 * then. The caller has locked the lane.
 */
export async function saveNumberTrouble(tx: Queryable, id: string, trouble: string | null, now: Date | null) {
  const [before] = await tx.query<{ trouble: string | null; status: string; reason: string | null }>(sql`
    with before as (select id, number_trouble, status, status_reason from account where id = ${id} for no key update)
    update account a set number_trouble = ${trouble} from before b where a.id = b.id
    returning b.number_trouble as trouble, b.status, b.status_reason as reason`);
  if (!before) return;
  const isShown = before.status === 'connected' || (before.trouble !== null && before.reason === before.trouble);
  // Trouble of another kind keeps its reason: this one is shown when that one ends.
  if (!isShown) return;
  if (trouble !== null) await tx.query(sql`select set_account_trouble(${id}, ${trouble}, clock(${now}))`);
  else if (before.trouble !== null) await tx.query(sql`select end_account_trouble(${id}, clock(${now}))`);
}

export interface DueAccount {
  id: string;
  numberId: string;
  /** Encrypted. */
  accessToken: string;
  businessId: string | null;
  /** Null for an account whose credentials are in the configuration. Its secret is encrypted. */
  app: { id: string; appId: string; name: string; appSecret: string; refused: string[] | null } | null;
}

/** Takes some accounts whose numbers are to be read again, so that no other process takes them for an hour. */
export async function takeDueAccounts(engine: Queryable, max: number, now: Date | null): Promise<DueAccount[]> {
  return engine.query<DueAccount>(sql`update account set check_due_at = ${nextCheck(now)}
    where id = any (array(select id from account where access_token is not null and deleted_at is null
      and check_due_at <= clock(${now}) order by check_due_at limit ${max} for update skip locked))
    returning id, phone_number_id as "numberId", access_token as "accessToken", business_id as "businessId",
      (select jsonb_build_object('id', m.id, 'appId', m.app_id, 'name', m.name, 'appSecret', m.app_secret,
          'refused', m.refused_fields)
        from meta_app m where m.id = meta_app_id) as app`);
}

/** Makes the numbers of these accounts due now. */
export async function readSoon(tx: Queryable, accountIds: string[], now: Date | null): Promise<void> {
  await tx.query(sql`update account set check_due_at = least(check_due_at, clock(${now}))
    where id = any (array(select id from account where id = any (${accountIds}::uuid[]) order by id for no key update))`);
}
