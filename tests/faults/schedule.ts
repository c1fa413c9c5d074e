// The schedule: draws seeded faults, and plays them one or two at a time while messages arrive.

import type { Actors, FailedStart, Fault } from './actors.ts';
import type { Ending } from './audit.ts';
import { pause, until } from './processes.ts';
import type { Random } from './random.ts';

export interface Schedule {
  kills: number;
  /** How many messages are accepted between two faults. */
  messagesPerKill: number;
  /** The deadline for them; by default long enough for any machine that accepts anything. */
  patienceSeconds?: number;
  /** How many messages have been accepted so far. */
  accepted(): number;
  /** The run must end: draw nothing more. */
  isOver(): boolean;
  /** Whether to draw long faults, which are played only a few times. */
  long: boolean;
  /** Which faults are drawn; all by default. */
  fits?: (fault: Fault) => boolean;
  /** Called when the faults are over, with their start time. */
  after?: (began: number, acts: Fault[]) => Promise<void>;
  tell(line: string): void;
}

export interface Outage {
  from: number;
  to: number;
}

export interface Played {
  /** How often each fault was played. */
  faults: Map<string, number>;
  /** When calls may have been interrupted. */
  endings: Ending[];
  /** When a dependency of a start may have been down, by performance.now(). */
  outages: Outage[];
  /** Violations of the schedule, as text. */
  complaints: string[];
}

/** Plays the schedule. */
export async function play(actors: Pick<Actors, 'faults'>, schedule: Schedule, random: Random): Promise<Played> {
  const played: Played = { faults: new Map(), endings: [], outages: [], complaints: [] };
  const {
    long,
    patienceSeconds: seconds = Math.max(20, schedule.messagesPerKill / 3),
    fits: isChosen = () => true,
  } = schedule;
  const faults = actors.faults.filter(fault => isChosen(fault) && (long || fault.most === undefined));
  const limits = new Map(faults.map(fault => [fault, fault.most ?? Number.POSITIVE_INFINITY]));
  const first = order(faults, random);

  /** Each fault once first, then by weight. */
  function draw(but?: Fault): Fault {
    const fits = (fault: Fault) =>
      (limits.get(fault) ?? 0) > 0 && (!but || (fault.target !== but.target && fault.most === undefined));
    const next = first.findIndex(fits);
    if (next >= 0) return first.splice(next, 1)[0] as Fault;
    const possible = faults.filter(fits);
    const weights = Object.fromEntries(possible.map((fault, index) => [index, fault.weight]));
    return possible[Number(random.weighted(weights))] as Fault;
  }

  let count = 0;
  while (count < schedule.kills && !schedule.isOver()) {
    const before = schedule.accepted();
    await until('load', seconds, async () => schedule.accepted() - before >= schedule.messagesPerKill).catch(() => {
      const line = `only ${schedule.accepted() - before} messages were accepted within ${seconds} s after fault ${count}`;
      played.complaints.push(line);
      schedule.tell(line);
    });
    await pause(random.whole(5, 500));
    const one = draw();
    const several = new Set(faults.map(fault => fault.target)).size > 1;
    const both = several && one.most === undefined && count + 1 < schedule.kills && random.chance(0.2);
    const acts = both ? [one, draw(one)] : [one];
    for (const fault of acts) limits.set(fault, (limits.get(fault) ?? 0) - 1);
    const [began, from] = [performance.now(), Date.now()];
    const gap = random.whole(0, 400);
    const came = await Promise.all(
      acts.map(async (fault, index) => {
        await pause(index * gap);
        const from = performance.now();
        const outcome = await fault.act(random);
        if (fault.keepsFromStarting) played.outages.push({ from, to: performance.now() });
        return outcome !== false;
      }),
    );
    const done = acts.filter((_, index) => came[index]);
    count += done.length;
    for (const { name } of done) played.faults.set(name, (played.faults.get(name) ?? 0) + 1);
    const ending = done.filter(fault => fault.endsCalls);
    if (ending.length > 0) played.endings.push({ from, to: Date.now(), faults: ending.length });
    if (done.length > 0) await schedule.after?.(began, done);
    const took = ((performance.now() - began) / 1_000).toFixed(1);
    const names = acts.map(({ name }, index) => (came[index] ? name : `${name}: never came`));
    schedule.tell(`${count}/${schedule.kills} ${names.join(' + ')} (${took} s)`);
  }
  if (count < schedule.kills) played.complaints.push(`${count} of ${schedule.kills} faults were played in the time`);
  return played;
}

function order(faults: Fault[], random: Random): Fault[] {
  return faults
    .map(fault => ({ fault, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ fault }) => fault);
}

/** Failed starts although all their dependencies were up, as text. */
export const unfounded = (starts: FailedStart[], outages: Outage[]): string[] =>
  starts
    .filter(start => !outages.some(({ from, to }) => start.from <= to && start.to >= from))
    .map(({ words }) => `a start came to nothing, although nothing was away: ${words}`);
