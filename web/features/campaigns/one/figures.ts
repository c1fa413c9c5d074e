// How fast a campaign sends, how large its waves are, and whether its list outgrew the approval.
import type { Campaign, CampaignResult } from '@recado/client';

export type Minutes = CampaignResult['minutes'];

const minute = 60_000;
/** The pace is that of so many whole minutes. */
const measured = 5;

/** Messages a minute over the last whole minutes; undefined where none left in them. */
export function paceOf(minutes: Minutes, now: number): number | undefined {
  const until = Math.floor(now / minute) * minute;
  const first = minutes[0] && Date.parse(minutes[0].at);
  if (first === undefined || first >= until) return undefined;
  const from = Math.max(first, until - measured * minute);
  const sent = minutes
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < until)
    .reduce((sum, each) => sum + each.sent, 0);
  return sent === 0 ? undefined : sent / ((until - from) / minute);
}

/** Each minute from the first to the last, also those without a message; at most the last `most`. */
export function everyMinute(minutes: Minutes, most: number): Minutes {
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (!first || !last) return [];
  const to = Date.parse(last.at);
  const from = Math.max(Date.parse(first.at), to - (most - 1) * minute);
  const known = new Map(minutes.map(({ at, sent }) => [Date.parse(at), sent]));
  return Array.from({ length: (to - from) / minute + 1 }, (_, place) => {
    const at = from + place * minute;
    return { at: new Date(at).toISOString(), sent: known.get(at) ?? 0 };
  });
}

/** How many people each wave has; the last one is the rest. */
export function wavesOf(sizes: readonly number[], people: number): number[] {
  const planned: number[] = [];
  let left = people;
  for (const size of [...sizes, people]) {
    planned.push(Math.min(size, left));
    left -= Math.min(size, left);
  }
  return planned.filter(size => size > 0);
}

type Held = Pick<Campaign, 'state' | 'reason' | 'approval'> & {
  counts: Pick<NonNullable<Campaign['counts']>, 'people'> | null;
};

/** For how many people the approval is, where the list of a held campaign has more; undefined elsewhere. */
export function outgrownOf({
  state,
  reason,
  counts,
  approval,
}: Held): { people: number; approved: number } | undefined {
  if (state !== 'held' || reason?.code !== 'approval_needed') return undefined;
  if (counts === null || approval.people === null || counts.people <= approval.people) return undefined;
  return { people: counts.people, approved: approval.people };
}
