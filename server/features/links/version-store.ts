// The version of WhatsApp Web that all gateways claim to be: a setting of the installation that changes while it runs.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

const name = 'whatsapp_web_version';

export interface WebVersionSetting {
  /** Such as 2.3000.1043857760. */
  version: string;
  /** Since when it is used. */
  since: Date;
  /** When WhatsApp last told its current version, which was none newer; null if it never did. */
  read_at: Date | null;
}

/** The version in use; undefined before the first gateway. */
export async function findWebVersion(db: Queryable): Promise<WebVersionSetting | undefined> {
  const [row] = await db.query<WebVersionSetting>(sql`select value ->> 'version' as version, changed_at as since,
    (value ->> 'read_at')::timestamptz as read_at from installation_setting where name = ${name}`);
  return row;
}

/** Uses the configured version, unless another one was set or read since it was configured. */
export async function followConfiguredVersion(db: Queryable, configured: string): Promise<void> {
  const value = JSON.stringify({ version: configured, configured });
  await db.query(sql`insert into installation_setting as s (name, value) values (${name}, ${value}::jsonb)
    on conflict (name) do update set value = excluded.value, changed_at = clock_timestamp()
    where s.value ->> 'configured' is distinct from ${configured}`);
}

/** Uses another version from now on, until WhatsApp tells a newer one or another is configured. Gateways see it within seconds. */
export async function setWebVersion(db: Queryable, version: string, configured: string): Promise<void> {
  const value = JSON.stringify({ version, configured });
  await db.query(sql`insert into installation_setting as s (name, value) values (${name}, ${value}::jsonb)
    on conflict (name) do update set value = s.value || excluded.value, changed_at = clock_timestamp()`);
}

/**
 * Takes the task to read the current version, for an hour. True for one gateway at a time, where a day has passed since the
 * last reading, and somebody links a phone or has linked one: nobody else needs a version.
 */
export async function takeReading(db: Queryable): Promise<boolean> {
  const rows = await db.query(sql`update installation_setting
    set value = value || jsonb_build_object('next_reading_at', clock_timestamp() + interval '1 hour')
    where name = ${name} and coalesce((value ->> 'next_reading_at')::timestamptz, '-infinity') <= clock_timestamp()
      and exists (select from web_session where wants <> 'off') returning 1`);
  return rows.length > 0;
}

/** Keeps that WhatsApp told its current version, and uses that if it is newer. */
export async function keepReading(db: Queryable, version: string): Promise<void> {
  const isNewer = sql`string_to_array(value ->> 'version', '.')::bigint[] < string_to_array(${version}, '.')::bigint[]`;
  await db.query(sql`update installation_setting
    set value = value || jsonb_build_object('read_at', clock_timestamp(), 'next_reading_at', clock_timestamp() + interval '1 day')
        || case when ${isNewer} then jsonb_build_object('version', ${version}::text) else '{}' end,
      changed_at = case when ${isNewer} then clock_timestamp() else changed_at end
    where name = ${name}`);
}
