// What a kind of lane gives the engine: its claim, and the jobs that come of it.

/** One piece of claimed work. */
export interface Job {
  /** Performs the work and records what came of it. The answer asks for a wake later, in milliseconds. */
  run(): Promise<number | undefined>;
  /** Asked where it has not ended by its deadline: for how many milliseconds more it may go on. */
  moreMs?(): number;
  /** Gives the work back untouched; only before `run`. */
  release(): Promise<void>;
}

export interface Claim {
  jobs: Job[];
  /** Milliseconds until the lane is worth another look, where it is time that it waits for. */
  waitMs: number | undefined;
  /** Whether due work was left that could not be claimed yet. */
  more: boolean;
  /** How many jobs of this lane may be at work at once, where that is the lane's own matter. */
  places?: number | undefined;
}

export interface LaneKind {
  readonly kind: string;
  /** How many jobs of one lane may be at work at once in this process, where its claims say nothing else. */
  readonly concurrency: number;
  claim(key: string, max: number): Promise<Claim>;
  /** The keys of the lanes that have due work, and neither a hold nor a runner; for the sweeper. */
  due(): Promise<string[]>;
  /** What time alone brings about, a step each, and the keys that each concerned; for the sweeper. */
  readonly maintenance?: readonly (() => Promise<string[]>)[];
  /** Is told at an orderly stop, once nothing is claimed any more and the jobs at work have had their time. */
  stop?(): Promise<void>;
}
