// Fills the workspace of a Recado database with contacts by SQL, as years of use leave them.
import { toId, toUuid } from '../server/kit/ids.ts';
import type { RecadoContestant } from './environment.ts';

/** The labels and the first account of the workspace, by their typed ids. */
export interface Contacts {
  labels: string[];
  account: string;
}

/** The share of the contacts that has each label. */
export const shares = [0.4, 0.2, 0.1, 0.05, 0.01, 0.001];

/** Indexes that are made once all contacts are in, which is far quicker. */
const later = ['contact_name', 'contact_fields', 'contact_field_texts', 'contact_address_value'];

/** Contacts as years of use leave them, past the triggers: the rows are consistent. */
export async function fillContacts(
  recado: RecadoContestant,
  contacts: number,
  tell: (line: string) => void,
): Promise<Contacts> {
  const [workspace] = await recado.sql<{ id: string }>('select id from workspace');
  const id = workspace?.id;
  await recado.sql(`insert into contact_field (id, workspace_id, key, name, type, choices, position) values
    (gen_random_uuid(), '${id}', 'shop', 'Shop', 'choice', array['Chiado', 'Almada', 'Porto', 'Faro'], 1),
    (gen_random_uuid(), '${id}', 'vip', 'VIP', 'yes_no', null, 2),
    (gen_random_uuid(), '${id}', 'points', 'Points', 'number', null, 3),
    (gen_random_uuid(), '${id}', 'birthday', 'Birthday', 'date', null, 4)`);
  const labels = await recado.sql<{ id: string }>(
    `insert into label (id, workspace_id, name, color, kind)
       select uuidv7(), $1, 'label ' || n, 'teal', 'contact' from generate_series(1, $2::int) n returning id`,
    [id, shares.length],
  );
  const indexes = await recado.sql<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i where i.indexrelid::regclass::text = any ($1)`,
    [later],
  );
  for (const { name } of indexes) await recado.sql(`drop index ${name}`);
  await recado.sql('set session_replication_role = replica');
  const chunk = 100_000;
  for (let done = 0; done < contacts; done += chunk) {
    await recado.sql(
      `with made as (
         insert into contact (id, workspace_id, name, language, unreachable_at, created_at, fields)
           select uuidv7(), $1, 'Person ' || n, (array['pt', 'pt', 'pt', 'es', 'en', null])[1 + floor(random() * 6)::int],
             case when random() < 0.01 then now() end, now() - interval '3 years' * (1 - n::float / $4),
             jsonb_strip_nulls(jsonb_build_object('shop', (array['Chiado', 'Chiado', 'Almada', 'Porto', null])[1 + floor(random() * 5)::int],
               'vip', random() < 0.02, 'points', floor(random() * random() * 1000),
               'birthday', to_char(date '1950-01-01' + (random() * 20000)::int, 'YYYY-MM-DD')))
           from generate_series($2::int, $3::int) n returning id, created_at),
       numbered as (select id, created_at, row_number() over () + $2 as n, random() as r from made),
       phones as (
         insert into contact_address (workspace_id, kind, value, contact_id)
           select $1, 'phone', (array['+35191', '+35191', '+5511', '+336', '+8190'])[1 + floor(random() * 5)::int] || lpad(n::text, 9, '0'), id
           from numbered where r < 0.97),
       labelled as (
         insert into contact_label (label_id, contact_id, workspace_id)
           select l, id, $1 from numbered, unnest($5::uuid[], $6::float[]) u(l, share) where random() < share),
       refused as (
         insert into opt_out (id, workspace_id, contact_id, category, source, created_at)
           select uuidv7(), $1, id, 'marketing', 'word', now() from numbered where random() < 0.03)
       insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, last_received_at, unread_count,
           sent_count, received_count)
         select uuidv7(), $1, ($7::uuid[])[1 + n % cardinality($7::uuid[])], id, at + interval '1 hour', case when random() < 0.7 then at end,
           (random() < 0.03)::int, (random() * 20)::int, (random() * 10)::int
         from (select n, id, now() - (now() - created_at) * random() * random() as at from numbered where random() < 0.8) t`,
      [
        id,
        done,
        Math.min(contacts, done + chunk) - 1,
        contacts,
        labels.map(label => label.id),
        shares,
        recado.accounts.map(toUuid),
      ],
    );
    tell(`${Math.min(contacts, done + chunk)} contacts are in`);
  }
  await recado.sql(
    `insert into list_count (workspace_id, list, entries) values ($1, 'contacts', $2)
     on conflict (workspace_id, account_id, list) do update set entries = excluded.entries`,
    [id, contacts],
  );
  await recado.sql('reset session_replication_role');
  await recado.sql(`set maintenance_work_mem = '1GB'`);
  for (const { definition } of indexes) await recado.sql(definition);
  await recado.sql('reset maintenance_work_mem');
  tell('the indexes are made');
  await recado.sql('vacuum analyze');
  return { labels: labels.map(label => toId('label', label.id)), account: recado.accounts[0] ?? '' };
}
