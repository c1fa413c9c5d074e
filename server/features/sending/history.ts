// What a channel's history tells of a call whose outcome is unknown: rules without any I/O.
import type { HistoryEntry } from '../../ports/channel.ts';

/** A call that nobody knows the outcome of. */
export interface OpenCall {
  address: string;
  startedAt: Date;
  endedAt: Date;
}

/** What we know of a listed id: which message it is, and when its call began; null for one that people wrote to us. */
export interface KnownId {
  messageId: string;
  startedAt: Date | null;
}

export interface Candidate {
  channel_message_id: string;
  at: string | null;
  /** Whether its id seems to name the recipient. One that names another is no candidate. */
  recipient: 'fits' | 'unreadable';
}

/**
 * What was found. No answer proves anything: it is for who decides.
 * - not_listed: no id that we do not know, while a message that we sent later is listed
 * - candidates: ids that we do not know and that may be of this call; others are ids that seem to name another recipient
 * - inconclusive: neither; others_only where only such ids are listed, nothing_later where no later send is, too_many
 *   where not all of the time in question was listed, channel_error where the channel did not answer
 */
export type Finding =
  | { result: 'not_listed'; later: { messageId: string; at: string } }
  | { result: 'candidates'; candidates: Candidate[]; others: number }
  | { result: 'inconclusive'; reason: 'others_only' | 'nothing_later' | 'too_many'; others: number }
  | { result: 'inconclusive'; reason: 'channel_error'; code: string; title: string };

/** Two clocks never agree, and Meta's times have whole seconds. */
export const slackMs = 60_000;
const mostCandidates = 10;

/** Judges one call by what the history lists. `complete` as the channel says of it. */
export function judge(
  call: OpenCall,
  entries: HistoryEntry[],
  complete: boolean,
  known: ReadonlyMap<string, KnownId>,
): Finding {
  const since = call.startedAt.getTime() - slackMs;
  const orphans = new Map(
    entries
      .filter(({ channelMessageId, at }) => !known.has(channelMessageId) && (at === undefined || at.getTime() >= since))
      .map(entry => [entry.channelMessageId, entry]),
  );
  const candidates = [...orphans.values()].flatMap(entry => candidateFor(call.address, entry));
  const others = orphans.size - candidates.length;
  if (candidates.length > 0)
    return { result: 'candidates', candidates: candidates.sort(fittingFirst).slice(0, mostCandidates), others };
  if (!complete) return { result: 'inconclusive', reason: 'too_many', others };
  if (others > 0) return { result: 'inconclusive', reason: 'others_only', others };
  const later = firstLater(call, entries, known);
  return later ? { result: 'not_listed', later } : { result: 'inconclusive', reason: 'nothing_later', others };
}

/**
 * Whether a finding names an id that seems to be of the recipient, so that sending again may well be a double; null where
 * it does not, and not all was listed.
 */
export function hasFit(finding: Finding, complete: boolean): boolean | null {
  if (finding.result === 'candidates' && finding.candidates.some(({ recipient }) => recipient === 'fits')) return true;
  return complete ? false : null;
}

function candidateFor(address: string, { channelMessageId, at, recipient }: HistoryEntry): Candidate[] {
  if (recipient !== undefined && !isSameNumber(recipient, address)) return [];
  return [
    {
      channel_message_id: channelMessageId,
      at: at?.toISOString() ?? null,
      recipient: recipient === undefined ? 'unreadable' : 'fits',
    },
  ];
}

const fittingFirst = (a: Candidate, b: Candidate): number =>
  Number(b.recipient === 'fits') - Number(a.recipient === 'fits') || (a.at ?? '').localeCompare(b.at ?? '');

/**
 * Whether two numbers may be one. WhatsApp writes some countries' numbers with a digit more or less after the country
 * code (Brazil, Mexico, Argentina), so the beginning and the last eight digits decide.
 */
export function isSameNumber(digits: string, address: string): boolean {
  const other = address.replace(/\D/g, '');
  if (digits === other) return true;
  return (
    Math.min(digits.length, other.length) >= 10 &&
    Math.abs(digits.length - other.length) <= 1 &&
    digits.slice(0, 2) === other.slice(0, 2) &&
    digits.slice(-8) === other.slice(-8)
  );
}

function firstLater(call: OpenCall, entries: HistoryEntry[], known: ReadonlyMap<string, KnownId>) {
  const begun = entries
    .map(({ channelMessageId }) => known.get(channelMessageId))
    .filter((each): each is { messageId: string; startedAt: Date } =>
      Boolean(each?.startedAt && each.startedAt > call.endedAt),
    )
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
  const first = begun[0];
  return first && { messageId: first.messageId, at: first.startedAt.toISOString() };
}
