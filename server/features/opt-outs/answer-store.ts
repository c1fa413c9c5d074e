// The tables opt_out_answer and opt_out_suggestion, as far as messages that come in write them.
import { call } from '../../kit/db/call.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newMessageUuid, newUuid } from '../../kit/ids.ts';
import { type AnswerSetting, answerTo } from './answers.ts';
import type { FoundWord } from './words.ts';

export interface DueAnswer {
  /** The UUID of the message that answers. */
  id: string;
  /** The place in the list of the words. */
  place: number;
  text: string;
}

/** The answers that are due to stored messages with a word that did something. Those not accepted are to be forgotten. */
export async function dueAnswers(
  tx: Queryable,
  written: { messageId: string; word: FoundWord }[],
  now: Date | null,
): Promise<DueAnswer[]> {
  const ids = written.map(() => newMessageUuid());
  const rows = await call(tx, 'due_answers', {
    p_now: now,
    p_message: written.map(({ messageId }) => messageId),
    p_action: written.map(({ word }) => word.action),
    p_answer: ids,
  });
  return rows.flatMap(({ n, setting }) => {
    const place = Number(n) - 1;
    const [word, id] = [written[place]?.word, ids[place]];
    return word && id ? [{ id, place, text: answerTo(word, setting as AnswerSetting | null) }] : [];
  });
}

/** Forgets answers that were not accepted: the next word gets one. */
export async function forgetAnswersOf(tx: Queryable, ids: string[]): Promise<void> {
  await tx.query(sql`delete from opt_out_answer where message_id = any (${ids}::uuid[])`);
}

/** Stores suggestions for these messages, of people without an opt-out. */
export async function suggestOptOuts(
  tx: Queryable,
  suggestions: { messageId: string; phrase: string }[],
  now: Date | null,
): Promise<void> {
  await tx.query(sql`
    insert into opt_out_suggestion (id, workspace_id, account_id, message_id, phrase, created_at)
    select u.id, m.workspace_id, m.account_id, m.id, u.phrase, clock(${now})
    from unnest(${suggestions.map(() => newUuid())}::uuid[], ${suggestions.map(s => s.messageId)}::uuid[],
      ${suggestions.map(s => s.phrase)}::text[]) with ordinality u(id, message_id, phrase, n)
    join message m on m.id = u.message_id
    where not exists (select 1 from opt_out o where o.contact_id = m.contact_id) order by u.n on conflict do nothing`);
}

/** Deletes the suggestions of messages that are being removed. */
export async function removeSuggestions(tx: Queryable, messageIds: string[]): Promise<void> {
  await tx.query(sql`delete from opt_out_suggestion where message_id = any (${messageIds}::uuid[])`);
}
