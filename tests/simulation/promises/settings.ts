// What accounts do is within the settings that were in force: pauses, rates, budgets, days and quiet hours.
import { toUuid } from '../../../server/kit/ids.ts';
import { checkBucket, checkRate } from '../../limits/checks.ts';
import { zones } from '../actors.ts';
import type { Arrival } from '../meta.ts';
import type { Account, Played, Term } from '../played.ts';
import type { Rows } from '../rows.ts';

/** What an account did against the settings that were in force. A clock that is set moves budgets and hours. */
export function brokenSettings(
  { meta, clockSet, requests }: Played,
  account: Account,
  { attempts, byId }: Rows,
): string[] {
  const uuid = toUuid(account.id);
  const own = attempts.filter(({ message_id: id }) => byId.get(id)?.account_id === uuid);
  const broken = [account.paused, account.deleted].flatMap(before =>
    before && own.some(({ token }) => !before.has(token))
      ? ['a call was claimed for an account that was paused or deleted']
      : [],
  );
  const isDistrusted =
    own.some(({ class: what }) => what === 'flagged') ||
    meta.posts.some(({ isSignal, stored, number }) => isSignal && stored && number === account.numberId);
  if (isDistrusted && !account.endangered && !account.deleted)
    broken.push('the channel distrusts an account, which was never paused');
  if (clockSet) return broken;
  const termOf = (token: string) => termAt(account, token);
  const messageOf = new Map(own.map(({ token, message_id: id }) => [token, id]));
  const conversationOf = (token: string) => byId.get(messageOf.get(token) ?? '')?.conversation_id;
  const calls = meta.arrivals.filter(arrival => arrival.numberId === account.numberId && !arrival.late);
  for (const term of account.terms) {
    // By when they arrived: who gave a call up cannot know.
    const mine = calls.filter(({ token }) => termOf(token) === term);
    const { rate, recipient } = term;
    if (checkRate(mine.map(timeOf), rate).early.length > 0)
      broken.push(`the rate of ${rate.messages} per ${rate.seconds} s was exceeded`);
    if (!recipient) continue;
    // A deleted contact that is written to again has its own bucket. Erased calls belong to no contact.
    const conversations = new Map(mine.map(call => [call, conversationOf(call.token)]));
    for (const conversation of new Set(conversations.values()))
      if (
        conversation !== undefined &&
        checkBucket(mine.filter(call => conversations.get(call) === conversation).map(timeOf), recipient).early.length >
          0
      )
        broken.push('the budget of a recipient was exceeded');
  }
  for (const { token, message_id: id, started_at: at } of own) {
    const term = termOf(token);
    const request = requests.find(one => one.id !== undefined && toUuid(one.id) === id);
    if (term && request?.body.priority !== 'high' && isQuiet(term, at))
      broken.push('a call was claimed in the quiet hours');
  }
  return broken;
}

/** The settings under which a call was claimed. */
export const termAt = (account: Account, token: string) => account.terms.findLast(({ before }) => !before.has(token));

/** A day takes no more than its limit was whenever something took a place of it. */
export function overfullDays(account: Account, { attempts, events, byId }: Rows): string[] {
  // A change of zone moves days into one another.
  if (account.terms.some(({ zone }) => zone !== 'UTC')) return [];
  const broken = new Set<string>();
  const days = new Map<string, Set<string>>();
  for (const { type, at, is_call: isCounted, message_id: id, attempt } of events) {
    if (type !== 'message.sending' || !isCounted || byId.get(id)?.account_id !== toUuid(account.id)) continue;
    const day = at.toISOString().slice(0, 10);
    const sent = days.get(day) ?? new Set();
    days.set(day, sent);
    if (sent.has(id)) continue;
    sent.add(id);
    const token = attempts.find(one => one.message_id === id && one.number === attempt)?.token ?? '';
    const limit = termAt(account, token)?.perDay ?? Number.POSITIVE_INFINITY;
    if (sent.size > limit) broken.add(`a day sent ${sent.size} while its limit was ${limit}`);
  }
  return [...broken];
}

const timeOf = ({ at }: Arrival): number => at;

function isQuiet({ quiet, zone }: Term, at: Date): boolean {
  if (!quiet) return false;
  const clock = new Date(at.getTime() + (zones[zone] ?? 0) * 3_600_000).toISOString().slice(11, 16);
  const { from, until } = quiet;
  return from < until ? clock >= from && clock < until : clock >= from || clock < until;
}
