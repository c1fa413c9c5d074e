// The settings columns of the table account.
import { type Fragment, sql } from '../../kit/db/sql.ts';
import type { SettingsChange } from './settings.ts';

/** The columns of the given settings, as `column = value` for an update or as pairs for an insert. */
export function toColumns({ limits = {}, delivery = {} }: SettingsChange): { name: Fragment; value: unknown }[] {
  const columns: { name: Fragment; value: unknown }[] = [];
  const add = (given: unknown, ...pairs: [Fragment, unknown][]) => {
    if (given !== undefined) for (const [name, value] of pairs) columns.push({ name, value });
  };
  // What the engine uses follows from these and from the limits of the channel: see apply_channel_limits.
  add(
    limits.rate,
    [sql`rate_messages`, limits.rate?.messages],
    [sql`rate_seconds`, limits.rate?.seconds],
    [sql`setting_rate_messages`, limits.rate?.messages],
    [sql`setting_rate_seconds`, limits.rate?.seconds],
  );
  add(limits.per_day, [sql`per_day`, limits.per_day]);
  add(limits.on_limit, [sql`on_limit`, limits.on_limit]);
  add(
    limits.new_conversations_per_day,
    [sql`new_per_day`, limits.new_conversations_per_day],
    [sql`setting_new_per_day`, limits.new_conversations_per_day],
  );
  add(
    limits.recipient,
    [sql`recipient_burst`, limits.recipient?.burst ?? null],
    [sql`recipient_seconds`, limits.recipient?.seconds ?? null],
  );
  add(limits.jitter_ms, [sql`jitter_ms`, limits.jitter_ms]);
  add(
    limits.quiet_hours,
    [sql`quiet_from`, limits.quiet_hours?.from ?? null],
    [sql`quiet_until`, limits.quiet_hours?.until ?? null],
  );
  add(
    limits.warm_up,
    [sql`warm_up_start`, limits.warm_up?.start ?? null],
    [sql`warm_up_first`, limits.warm_up?.first_day ?? null],
    [sql`warm_up_days`, limits.warm_up?.days ?? null],
  );
  add(limits.max_queued, [sql`max_queued`, limits.max_queued]);
  add(limits.concurrency, [sql`concurrency`, limits.concurrency]);
  add(delivery.retry, [sql`retry_attempts`, delivery.retry?.attempts], [sql`retry_delay_ms`, delivery.retry?.delay_ms]);
  add(delivery.on_unknown, [sql`on_unknown`, delivery.on_unknown]);
  add(delivery.unknown_window_seconds, [sql`unknown_window_s`, delivery.unknown_window_seconds]);
  add(delivery.undelivered_after_seconds, [sql`undelivered_after_s`, delivery.undelivered_after_seconds]);
  add(delivery.on_template_paused, [sql`on_template_paused`, delivery.on_template_paused]);
  add(delivery.marketing_endpoint, [sql`marketing_endpoint`, delivery.marketing_endpoint]);
  add(delivery.on_window_closed, [sql`on_window_closed`, delivery.on_window_closed]);
  // The channel of an account is opened again for another one.
  add(
    delivery.messaging_account_id,
    [sql`messaging_account_id`, delivery.messaging_account_id],
    [sql`credentials_changed_at`, sql`clock_timestamp()`],
  );
  return columns;
}
