// The version of WhatsApp Web that all gateways claim to be: a setting of the installation that changes while it runs.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

const name = 'whatsapp_web_version';

export interface WebVersionSetting {
  /** Such as 2.3000.1043857760. */
  version: string;
  /** Since when it is used. */
  since: Date;
}

/** The version in use; undefined before the first gateway. */
export async function findWebVersion(db: Queryable): Promise<WebVersionSetting | undefined> {
  const [row] = await db.query<WebVersionSetting>(sql`select value ->> 'version' as version, changed_at as since
    from installation_setting where name = ${name}`);
  return row;
}

/** Uses the configured version, unless the operator has set another one since it was configured. */
export async function followConfiguredVersion(db: Queryable, configured: string): Promise<void> {
  const value = JSON.stringify({ version: configured, configured });
  await db.query(sql`insert into installation_setting as s (name, value) values (${name}, ${value}::jsonb)
    on conflict (name) do update set value = excluded.value, changed_at = clock_timestamp()
    where s.value ->> 'configured' is distinct from ${configured}`);
}

/** Uses another version from now on, until another one is configured. Running gateways see it within seconds. */
export async function setWebVersion(db: Queryable, version: string, configured: string): Promise<void> {
  const value = JSON.stringify({ version, configured });
  await db.query(sql`insert into installation_setting (name, value) values (${name}, ${value}::jsonb)
    on conflict (name) do update set value = excluded.value, changed_at = clock_timestamp()`);
}
