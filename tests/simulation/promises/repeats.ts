// A3: what is called again has a ground for it.

import { sql } from '../../../server/kit/db/sql.ts';
import { toUuid } from '../../../server/kit/ids.ts';
import { type Account, choicesOf, type Played } from '../played.ts';
import { type AttemptRow, type EventRow, type Rows, uuidsOf } from '../rows.ts';

/**
 * A3: a message is called again only where its last call was proven not to have been taken, or where its setting says so,
 * when the window for receipts is over, or where an operator says so.
 */
export function unfoundedRepeats({ requests }: Played, { attempts, events: inOrder }: Rows): string[] {
  const events = inOrder.toSorted((left, right) =>
    left.message_id === right.message_id ? left.number - right.number : left.message_id < right.message_id ? -1 : 1,
  );
  const broken: string[] = [];
  let last: AttemptRow | undefined;
  let ground: 'proven' | 'chosen' | 'by hand' | undefined;
  let failedWith: string | null = null;
  let unknown: EventRow | undefined;
  for (const event of events) {
    const { message_id: id, type, attempt, proven, chosen, at, by_hand: byHand, code } = event;
    const request = requests.find(one => one.id !== undefined && toUuid(one.id) === id);
    if (type === 'message.sending') {
      if (attempt !== 1 && ground === undefined) broken.push('a message was called again without a ground');
      last = attempts.find(one => one.message_id === id && one.number === attempt);
      [ground, unknown] = [undefined, undefined];
    } else if (type === 'message.unknown') unknown = event;
    else if (type === 'message.failed') failedWith = code;
    else if (byHand) {
      ground = 'by hand';
      // A receipt may have told since that the call failed: then nothing is unknown about it.
      const isProven = last?.message_id === id && last.status === 'failed';
      if (type === 'message.queued' && failedWith === 'unknown_outcome' && !isProven && !request?.isRetriedByName)
        broken.push('a message was sent again with others though its outcome was unknown');
    } else if (proven && (type === 'message.retry_scheduled' || type === 'message.queued')) {
      ground = 'proven';
      if (last?.message_id === id && last.status !== 'not_sent')
        broken.push(`a message was queued again while its attempt was ${last.status}`);
    } else if (chosen && type === 'message.queued') {
      ground = 'chosen';
      if (!request || !choicesOf(request).includes('retry'))
        broken.push('a message was queued again against its setting');
      const shortest = request && last && unknown ? shortestWindow(request.account, last.token, unknown.id) : 0;
      if (!unknown || at.getTime() - unknown.at.getTime() < shortest * 1_000)
        broken.push('a message was queued again before the window for receipts was over');
    }
  }
  return broken;
}

/** The shortest window, in seconds, that was in force between the claim of a call and the event that says that nothing is known of it. */
function shortestWindow({ terms }: Account, token: string, event: number): number {
  const first = terms.findLastIndex(({ before }) => !before.has(token));
  const inForce = terms.filter(({ afterEvent }, place) => place >= first && (place === first || afterEvent < event));
  return Math.min(...inForce.map(({ windowSeconds }) => windowSeconds));
}

/** How many attempts were proven not to have been made only after their message had been queued again by its setting. */
export async function lateWords({ world, accounts }: Played): Promise<number> {
  const [row] = await world.database.query<{ n: number }>(sql`
    select count(*)::int as n from attempt a
    join logged_event s on s.message_id = a.message_id and s.type = 'message.sending' and (s.data->>'attempt')::int = a.number + 1
    join logged_event q on q.message_id = a.message_id and q.number = s.number - 1 and q.type = 'message.queued' and q.data ? 'on_unknown'
    where a.account_id = any (${uuidsOf(accounts)}) and a.status = 'not_sent'`);
  return row?.n ?? 0;
}
