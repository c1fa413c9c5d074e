// When a queued message leaves, by its place in line and the limits of its account. A rule without side effects.
import type { WaitingReason } from '@recado/contract';

/** What decides when a message leaves. Times are in milliseconds since 1970. */
export interface Line {
  now: number;
  /** Nothing leaves, and nobody knows until when. */
  stopped: boolean;
  /** Until when nothing of the account leaves. */
  lane_from: number | null;
  /** Until when this message does not leave, wherever it stands. */
  own_from: number | null;
  /** `ends`: when the calls of the last stretch ended, and how many. */
  rate: { messages: number; ms: number; in_flight: number; ends: [at: number, calls: number][] };
  /** The longest gap after a call. */
  jitter_ms: number;
  new_per_day: number | null;
  /** The quiet hours: when the current or next ones end, and how long they are; from 0 down, the rest of a day. */
  quiet: { until: number; ms: number } | null;
  /** `limits`: of this day and those after it; null for no limit. */
  day: { sent: number; tomorrow: number; limits: (number | null)[] } | null;
  /** `before`: messages to the same person that leave first. */
  pair: { full_at: number; burst: number; ms: number; before: number } | null;
}

const dayMs = 86_400_000;

/** Places in a line are counted to this. */
export const farthest = 10_000;

/** The reasons whose end follows from the line, although they name no time of their own. */
const inLine = new Set<WaitingReason>(['next', 'rate_limit', 'conversation_order']);

/** When a message leaves if nothing new goes before it; null where that cannot be known. */
export function expectedAt(
  { reason, until, ahead }: { reason: WaitingReason; until: Date | null; ahead: number | null },
  line: Line | null,
): Date | null {
  if (reason === 'scheduled') return until;
  if (line === null || line.stopped || (until === null && !inLine.has(reason))) return null;
  // Not in line: held until a moment, or due and not queued yet.
  if (ahead === null) return inLine.has(reason) ? null : until;
  if (ahead >= farthest) return null;
  // Each day lets some of them go.
  if (reason === 'new_conversation_limit' && line.new_per_day !== null && ahead >= line.new_per_day) return null;
  const place = placeOfDay(line, ahead);
  if (!place) return null;
  const begin = awake(line, Math.max(line.now, line.lane_from ?? 0, place.from), 0);
  const inTurn = awake(
    line,
    begin,
    Math.max(slotAt(line, place.before, begin) - begin, (place.before * line.jitter_ms) / 2),
  );
  return new Date(Math.round(awake(line, Math.max(inTurn, line.own_from ?? 0, pairAt(line)), 0)));
}

/** The day on which a message has its turn, and how many of that day leave before it. Undefined beyond the known days. */
function placeOfDay({ now, day }: Line, ahead: number): { from: number; before: number } | undefined {
  if (!day) return { from: now, before: ahead };
  let before = ahead;
  for (const [index, limit] of day.limits.entries()) {
    const left = limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - (index === 0 ? day.sent : 0));
    if (before < left) return { from: index === 0 ? now : day.tomorrow + (index - 1) * dayMs, before };
    before -= left;
  }
  return undefined;
}

/** Ends of calls are rounded up to a fiftieth of the stretch, so a slot comes back that much later. */
const rounding = 51 / 50;

/** When the rate has a slot for a message with `before` messages in front, if calls begin at `begin`. */
function slotAt({ now, rate }: Line, before: number, begin: number): number {
  const later = Math.floor(before / rate.messages) * rate.ms * rounding;
  // The slots that are taken, as they get free. A call under way takes its slot for a whole stretch.
  const taken = rate.ends.reduce((sum, [, calls]) => sum + calls, 0) + rate.in_flight;
  let nth = (before % rate.messages) + taken - rate.messages;
  if (nth < 0) return begin + later;
  for (const [at, calls] of rate.ends) {
    if (nth < calls) return Math.max(begin, at + rate.ms) + later;
    nth -= calls;
  }
  return Math.max(begin, now + rate.ms * rounding) + later;
}

/** The first moment outside of the quiet hours by which so much time outside of them has passed since `from`. */
function awake({ quiet }: Line, from: number, ms: number): number {
  if (!quiet) return from + ms;
  const length = quiet.ms > 0 ? quiet.ms : quiet.ms + dayMs;
  // The first quiet hours that end after `from`.
  let end = quiet.until + Math.ceil((from - quiet.until + 1) / dayMs) * dayMs;
  let at = from;
  let left = ms;
  for (;;) {
    const untilQuiet = Math.max(0, end - length - at);
    if (left < untilQuiet || (left === 0 && untilQuiet > 0)) return at + left;
    left -= untilQuiet;
    at = end;
    end += dayMs;
  }
}

/** When the pace to this person allows the message. */
const pairAt = ({ pair }: Line): number => (pair ? pair.full_at + (pair.before + 1 - pair.burst) * pair.ms : 0);
