// The table opt_out_setting.
import type { OptOutCategory } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { AnswerSetting } from './answers.ts';

export interface SettingRow extends AnswerSetting {
  answers: boolean;
  needs_consent: boolean;
}

const usual: SettingRow = {
  effect: 'marketing' satisfies OptOutCategory,
  answers: true,
  stop_answer: null,
  start_answer: null,
  needs_consent: false,
  stop_words: [],
  start_words: [],
  other_words: [],
};

/** The settings of a workspace, with the defaults. */
export async function findSetting(db: Queryable, workspaceId: string): Promise<SettingRow> {
  const [row] = await db.query<SettingRow>(sql`select effect, answers, stop_answer, start_answer, needs_consent,
    stop_words, start_words, other_words from opt_out_setting where workspace_id = ${workspaceId}`);
  return row ?? usual;
}

/** Locks the settings of a workspace: of two changes the second one sees the first. */
export async function lockSetting(tx: Queryable, workspaceId: string): Promise<SettingRow> {
  await tx.query(
    sql`insert into opt_out_setting (workspace_id) values (${workspaceId}) on conflict (workspace_id) do nothing`,
  );
  await tx.query(sql`select 1 from opt_out_setting where workspace_id = ${workspaceId} for update`);
  return findSetting(tx, workspaceId);
}

export async function storeSetting(tx: Queryable, workspaceId: string, row: SettingRow): Promise<void> {
  await tx.query(sql`update opt_out_setting set effect = ${row.effect}, answers = ${row.answers},
      stop_answer = ${row.stop_answer}, start_answer = ${row.start_answer}, needs_consent = ${row.needs_consent},
      stop_words = ${row.stop_words}::text[], start_words = ${row.start_words}::text[],
      other_words = ${row.other_words}::text[]
    where workspace_id = ${workspaceId}`);
}
