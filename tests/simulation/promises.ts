// What has to hold of a schedule once it is at rest: the promises A1 to A7, those of campaigns, and counters that equal a
// recount. A9 is asked
// for while messages wait (waiting.ts); A8 is of outgoing webhooks, which are not there yet.

import { sql } from '../../server/kit/db/sql.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { erasedCalls, type Played } from './played.ts';
import { barredBy, brokenCampaigns } from './promises/campaigns.ts';
import { leftOfErased } from './promises/erased.ts';
import { brokenHolds } from './promises/held.ts';
import { brokenOrder, leftOutOfOrder } from './promises/order.ts';
import { outcomeJudge } from './promises/outcomes.ts';
import { miscounts } from './promises/recount.ts';
import { unfoundedRepeats } from './promises/repeats.ts';
import { brokenSettings, overfullDays } from './promises/settings.ts';
import { brokenWindows } from './promises/windows.ts';
import { leaseMs } from './rest.ts';
import { readRows, uuidsOf } from './rows.ts';

/** Gives each promise that does not hold, in words. */
export async function brokenPromises(played: Played): Promise<string[]> {
  const { world, meta, accounts, requests } = played;
  const broken = [...new Set(played.complaints)];
  const rows = await readRows(played);
  const { messages, attempts, byId, byToken } = rows;
  const erased = new Set([...played.erasures.values()].flatMap(erasing => [...erasing.messages]));
  const callsErased = new Set(erasedCalls(played));

  const conversationOf = (token: string) => byId.get(byToken.get(token)?.message_id ?? '')?.conversation_id;
  // A deleted contact that is written to again is a new contact. Calls to both may overlap.
  const renewed = new Set([...played.forgotten, ...played.erasures.values()].map(({ person }) => person));
  const beside = meta.company.filter(({ to, tokens: [first, second] }) => {
    const [one, other] = [conversationOf(first), conversationOf(second)];
    const isErased = callsErased.has(first) || callsErased.has(second);
    return !renewed.has(to) || (one === other && !isErased);
  });
  broken.push(...new Set(beside.map(({ to }) => `a call to ${to} began beside another one`)));

  // A person who opted out gets nothing that waits, also once they turn out to be somebody who had.
  for (const request of requests) if (barredBy(played, request)) request.isCancelAsked = true;
  const judgeOutcome = outcomeJudge(played, rows);
  // A2: what was accepted is there, once; what was rejected is not.
  for (const request of requests) {
    if (request.id === undefined) continue;
    const message = byId.get(toUuid(request.id));
    if (message) broken.push(...judgeOutcome(request, message));
    else if (!erased.has(toUuid(request.id)))
      broken.push(`message ${requests.indexOf(request)} was accepted and is not there`);
  }
  const accepted = new Set(requests.flatMap(({ id }) => (id === undefined ? [] : toUuid(id))));
  const known = [...accepted].filter(id => byId.has(id) || !erased.has(id)).length;
  // Whose answer was not heard before the person was erased cannot be known from a repeat any more.
  const stored = messages.filter(({ id }) => accepted.has(id) || !erased.has(id)).length;
  if (stored !== known) broken.push(`${stored} messages are stored, and ${known} were accepted`);

  broken.push(...unfoundedRepeats(played, rows), ...new Set(brokenOrder(rows)));

  for (const arrival of meta.arrivals) {
    const attempt = byToken.get(arrival.token);
    if (!attempt) {
      if (!callsErased.has(arrival.token)) broken.push('a call arrived whose attempt was never stored');
    } else if (!played.clockSet && arrival.begunAt - attempt.started_at.getTime() > leaseMs)
      broken.push('a call began after its lease was over');
  }

  broken.push(...leftOutOfOrder(played, rows), ...brokenWindows(played, rows), ...brokenHolds(played, rows));

  for (const { messages: ids, calls } of played.forgotten)
    if (attempts.some(({ message_id: id, token }) => ids.has(id) && !calls.has(token)))
      broken.push('a message was called after its contact had been deleted');
  for (const account of accounts) {
    broken.push(...brokenSettings(played, account, rows));
    broken.push(...overfullDays(account, rows));
  }

  // A5: each message of a person once.
  const written = new Set(meta.posts.filter(post => post.taken).flatMap(post => post.message ?? []));
  const received = await world.database.query<{ id: string; n: number; dead: number }>(sql`
    select channel_message_id as id, count(*) as n from message where account_id = any (${uuidsOf(accounts)}) and direction = 'inbound' group by 1`);
  for (const { id, n } of received)
    if (n !== 1 || !written.has(id)) broken.push(`an inbound message is there ${n} times`);
  const mayBeGone = new Set(accounts.flatMap(account => (account.deleted ? account.numberId : [])));
  const expected = meta.posts.filter(post => post.taken && post.message && !mayBeGone.has(post.number));
  const ofErased = new Set([...played.erasures.values()].flatMap(erasing => [...erasing.received]));
  const missing = expected.filter(
    ({ message = '' }) => !ofErased.has(message) && !received.some(({ id }) => id === message),
  );
  if (missing.length > 0) broken.push(`${missing.length} of the messages that were written to us are not there`);

  broken.push(...(await brokenCampaigns(played)), ...(await leftOfErased(played)), ...(await miscounts(played, rows)));
  return broken;
}
