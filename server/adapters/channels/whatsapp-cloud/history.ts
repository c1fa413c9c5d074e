// Meta's list of the messages that a number sent: ids, times and events, but no recipients and none of our tokens.
import { request } from 'undici';
import type { History, HistoryEntry } from '../../../ports/channel.ts';
import { asList, asRecord, asString } from '../json.ts';
import {
  type Answer,
  type Deadline,
  deadline,
  type Endpoint,
  failureOf,
  headersOf,
  readAnswer,
  refusalOf,
  succeeded,
} from './call.ts';

/** The limit for all pages together, in milliseconds. Each page also has the deadline of a call. */
const wholeMs = 60_000;
const mostPages = 20;
const pageSize = 100;
const fields = 'id,message_id,events{delivery_status,timestamp}';

type Failed = Extract<History, { class: 'failed' }>;

interface Page {
  entries: HistoryEntry[];
  /** The cursor of the next page; undefined on the last page. */
  after: string | undefined;
}

/** Lists what a number sent since `since`, page by page; never throws. */
export async function listHistory(endpoint: Endpoint, numberId: string, since: Date): Promise<History> {
  const until = deadline(wholeMs, endpoint.deadlineMs);
  const entries: HistoryEntry[] = [];
  let after: string | undefined;
  try {
    for (let page = 0; page < mostPages; page++) {
      const read = await readPage(endpoint, numberId, after, until);
      if ('class' in read) return read;
      until.goesOn();
      const isDone = read.after === undefined || isBefore(since, read.entries, entries);
      entries.push(...read.entries);
      if (isDone) return { class: 'listed', entries, complete: true };
      // A cursor that does not change would repeat the same page.
      if (read.after === after) break;
      after = read.after;
    }
    return { class: 'listed', entries, complete: false };
  } catch (error) {
    const { code, title } = failureOf(error);
    return { class: 'failed', code, title };
  } finally {
    until.clear();
  }
}

/** We build the URL from our base and Meta's cursor: the next-page URL that Meta sends could point anywhere. */
async function readPage(
  endpoint: Endpoint,
  numberId: string,
  after: string | undefined,
  { signal }: Deadline,
): Promise<Page | Failed> {
  const query = new URLSearchParams({ fields, limit: String(pageSize), ...(after !== undefined && { after }) });
  const address = `${endpoint.baseUrl()}/${encodeURIComponent(numberId)}/message_history?${query}`;
  const response = await request(address, {
    dispatcher: endpoint.agent,
    headers: headersOf(endpoint),
    signal,
  });
  const answer = await readAnswer(response);
  if (!succeeded(answer)) return failedAs(answer);
  if (!Array.isArray(answer.body?.data))
    return { class: 'failed', code: 'unreadable_answer', title: 'The channel reported success without a list.' };
  const paging = asRecord(answer.body.paging);
  return {
    entries: answer.body.data.flatMap(entryOf),
    after: asString(paging?.next) === undefined ? undefined : asString(asRecord(paging?.cursors)?.after),
  };
}

function failedAs(answer: Answer): Failed {
  const { code, title } = refusalOf(answer);
  return { class: 'failed', code, title, ...(answer.retryAfterMs !== undefined && { waitMs: answer.retryAfterMs }) };
}

function entryOf(item: unknown): HistoryEntry[] {
  const record = asRecord(item);
  const channelMessageId = asString(record?.message_id);
  if (channelMessageId === undefined || Buffer.byteLength(channelMessageId) > 500) return [];
  const seconds = asList(asRecord(record?.events)?.data)
    .map(event => Number(asRecord(event)?.timestamp))
    .filter(second => Number.isFinite(second) && second > 0 && second < 1e11);
  const at = seconds.length === 0 ? undefined : new Date(Math.min(...seconds) * 1_000);
  return [{ channelMessageId, at, recipient: recipientIn(channelMessageId) }];
}

/**
 * Whether no later page can contain entries since `since`. Meta does not document the order. Only if the entries so
 * far are newest first does a whole page of older ones mean the end.
 */
function isBefore(since: Date, page: HistoryEntry[], earlier: HistoryEntry[]): boolean {
  const times = [...earlier, ...page].map(entry => entry.at?.getTime());
  const isFalling = times.every((time, n) => time !== undefined && (n === 0 || time <= (times[n - 1] ?? 0)));
  const shows = (times[0] ?? 0) > (times.at(-1) ?? 0);
  return isFalling && shows && page.every(entry => (entry.at?.getTime() ?? 0) < since.getTime());
}

/**
 * The digits that a Meta message id seems to contain: base64 of 1C 18, a length, and the digits. Meta does not
 * document this, so only show them to people; never decide by them.
 */
export function recipientIn(channelMessageId: string): string | undefined {
  if (!channelMessageId.startsWith('wamid.')) return undefined;
  const bytes = Buffer.from(channelMessageId.slice('wamid.'.length), 'base64');
  if (bytes[0] !== 0x1c || bytes[1] !== 0x18) return undefined;
  const digits = bytes.subarray(3, 3 + (bytes[2] ?? 0)).toString('latin1');
  return digits.length === bytes[2] && /^[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}
