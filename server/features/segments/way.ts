// How a plan finds its contacts fastest: a lookup to begin with, lookups to intersect it with, and what to ask of the rest.
import { countedTo } from '../../kit/http/routes.ts';
import type { Plan, Source } from './facts-store.ts';

export interface Way {
  /** The lookup that the contacts come from; undefined for all contacts. */
  start: Source | undefined;
  /** Lookups that must have a contact too. */
  within: Source[];
  /** Lookups that must not have it. */
  without: Source[];
  /** The conditions that are asked of each contact that is left. */
  asked: Plan[];
}

/** A lookup of one of the conditions of a plan. */
export interface Lookup {
  source: Source;
  /** The place of the condition. */
  part: number;
  /** The contacts that fit are those that it does not have. */
  without: boolean;
}

/** Contacts of a sample that are alike: which conditions, and which lookups, have them, and how many they are. */
export interface Alike {
  fits: boolean[];
  had: boolean[];
  n: number;
}

/** The conditions that must all hold. */
export const partsOf = (plan: Plan): Plan[] => plan.parts ?? [plan];

export const lookupsOf = (parts: Plan[]): Lookup[] =>
  parts.flatMap(({ sources, without }, part) => [
    ...sources.map(source => ({ source, part, without: false })),
    ...(without ? [{ source: without, part, without: true }] : []),
  ]);

/** What a lookup answers alone need not be asked again. */
const answers = ({ source, without }: Lookup) => without || source.exact !== undefined;

/** The way of these lookups. */
export function wayOf(parts: Plan[], start: Lookup | undefined, sets: Lookup[]): Way {
  const answered = new Set([...(start ? [start] : []), ...sets].filter(answers).map(({ part }) => part));
  return {
    start: start?.source,
    within: sets.filter(({ without }) => !without).map(({ source }) => source),
    without: sets.filter(({ without }) => without).map(({ source }) => source),
    asked: parts.filter((_, part) => !answered.has(part)),
  };
}

/** Whether the lookups of a way have living contacts only. */
export const livingOnly = ({ start, within }: Way): boolean =>
  [start, ...within].some(source => source?.exact === 'living');

/** How long each takes, in the time in which the next contact of an index is read. */
const cost = {
  /** To read the next of all contacts. */
  scan: 1,
  /** To put a contact into a set, or to see whether it is in one. */
  hash: 1.5,
  /** To read a contact by its id. */
  row: 40,
  /** To look into another table for one contact. */
  lookUp: 25,
};

/** The way that takes the least time to find 10,001 contacts, or all if there are fewer, by a sample of `contacts`. */
export function cheapestWay(parts: Plan[], lookups: Lookup[], alike: Alike[], contacts: number): Way {
  const sampled = alike.reduce((sum, { n }) => sum + n, 0);
  const estimate = (is: (one: Alike) => boolean) =>
    (contacts *
      Math.max(
        0.5,
        alike.reduce((sum, one) => sum + (is(one) ? one.n : 0), 0),
      )) /
    sampled;
  const hits = lookups.map((_, place) => estimate(({ had }) => had[place] === true));
  const enough = Math.min(1, (countedTo + 1) / estimate(({ fits }) => fits.every(fit => fit)));

  const timeOf = (start: number | undefined, sets: number[]): number => {
    const chosen = [...(start === undefined ? [] : [start]), ...sets];
    const way = wayOf(
      parts,
      start === undefined ? undefined : lookups[start],
      sets.flatMap(place => lookups[place] ?? []),
    );
    const left = (one: Alike) => chosen.every(place => one.had[place] !== lookups[place]?.without);
    const ownOnly = parts.flatMap((part, place) => (part.lookUps === 0 && way.asked.includes(part) ? [place] : []));
    const asked = estimate(one => left(one) && ownOnly.every(place => one.fits[place]));
    const begun = start === undefined ? contacts * cost.scan : (hits[start] ?? 0);
    const read = start !== undefined && lookups[start]?.source.blocks ? begun + begun * cost.hash : begun * enough;
    const put = sets.reduce((sum, place) => sum + (hits[place] ?? 0) * (1 + cost.hash), 0);
    const seen = (start === undefined ? contacts : (hits[start] ?? 0)) * enough * sets.length * cost.hash;
    const rows = start === undefined || (way.asked.length === 0 && livingOnly(way)) ? 0 : estimate(left) * enough;
    const lookUps = way.asked.reduce((sum, part) => sum + part.lookUps, 0) * asked * enough;
    return read + put + seen + rows * cost.row + lookUps * cost.lookUp;
  };

  const bySize = [...lookups.keys()].sort((a, b) => (hits[a] ?? 0) - (hits[b] ?? 0));
  const starts = [undefined, ...bySize.filter(place => !lookups[place]?.without)];
  const ways = starts.map(start => {
    let sets: number[] = [];
    let time = timeOf(start, sets);
    for (const place of bySize) {
      if (place === start) continue;
      const more = timeOf(start, [...sets, place]);
      if (more < time) {
        sets = [...sets, place];
        time = more;
      }
    }
    return { start, sets, time };
  });
  const best = ways.reduce((left, right) => (right.time < left.time ? right : left));
  return wayOf(
    parts,
    best.start === undefined ? undefined : lookups[best.start],
    best.sets.flatMap(place => lookups[place] ?? []),
  );
}
