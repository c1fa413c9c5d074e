// The schedule: draws faults by the seed, and plays them one after the other or two at once, while messages come in.
import type { Cast, Fault } from './cast.ts';
import { pause, until } from './processes.ts';
import type { Random } from './random.ts';

export interface Schedule {
  kills: number;
  /** So many messages are accepted from one fault to the next. */
  messagesPerKill: number;
  /** How many messages have been accepted by now. */
  accepted(): number;
  /** The run has to come to an end: nothing more is drawn. */
  isOver(): boolean;
  /** Whether long faults, which are played a few times only, are drawn at all. */
  long: boolean;
  /** Which of the cast's faults are drawn; all where nothing is said. */
  fits?: (fault: Fault) => boolean;
  /** Is called when the faults are over, with the moment at which they began. */
  after?: (began: number, acts: Fault[]) => Promise<void>;
  tell(line: string): void;
}

/** Plays the schedule; how often each fault was played. */
export async function play(cast: Cast, schedule: Schedule, random: Random): Promise<Map<string, number>> {
  const played = new Map<string, number>();
  const { long, fits: isChosen = () => true } = schedule;
  const faults = cast.faults.filter(fault => isChosen(fault) && (long || fault.most === undefined));
  const limits = new Map(faults.map(fault => [fault, fault.most ?? Number.POSITIVE_INFINITY]));
  const first = order(faults, random);

  /** Each fault comes once, and after that by its weight. */
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
    // Where nothing is accepted for so long, the next fault may as well come: the audit tells.
    await until('load', 20, async () => schedule.accepted() - before >= schedule.messagesPerKill).catch(() => {
      schedule.tell(`only ${schedule.accepted() - before} messages were accepted within 20 s`);
    });
    await pause(random.whole(5, 500));
    const one = draw();
    const several = new Set(faults.map(fault => fault.target)).size > 1;
    const both = several && one.most === undefined && count + 1 < schedule.kills && random.chance(0.2);
    const acts = both ? [one, draw(one)] : [one];
    for (const fault of acts) {
      count++;
      limits.set(fault, (limits.get(fault) ?? 0) - 1);
      played.set(fault.name, (played.get(fault.name) ?? 0) + 1);
    }
    const began = performance.now();
    const gap = random.whole(0, 400);
    await Promise.all(
      acts.map(async (fault, index) => {
        await pause(index * gap);
        await fault.act(random);
      }),
    );
    await schedule.after?.(began, acts);
    const took = ((performance.now() - began) / 1_000).toFixed(1);
    schedule.tell(`${count}/${schedule.kills} ${acts.map(fault => fault.name).join(' + ')} (${took} s)`);
  }
  return played;
}

function order(faults: Fault[], random: Random): Fault[] {
  return faults
    .map(fault => ({ fault, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ fault }) => fault);
}
