// People and API keys with their current names, as the API shows them.
import { type Fragment, sql } from './db/sql.ts';
import { toId } from './ids.ts';

/** A person or an API key. */
export interface WhoRow {
  kind: 'person' | 'api_key';
  id: string;
  name: string;
}

/** The person or the API key with this id, as a WhoRow; null where there is none. */
export const who = (id: Fragment): Fragment => sql`coalesce(
  (select jsonb_build_object('kind', 'person', 'id', p.id, 'name', p.name) from person p where p.id = ${id}),
  (select jsonb_build_object('kind', 'api_key', 'id', k.id, 'name', k.name) from api_key k where k.id = ${id}))`;

/** A person or an API key, as the API shows it. */
export const presentWho = (row: WhoRow | null): { id: string; name: string } | null =>
  row && { id: toId(row.kind, row.id), name: row.name };
