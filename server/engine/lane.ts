// The interface of a lane kind to the engine: the claim and its jobs.

/** One piece of claimed work. */
export interface Job {
  /** Performs the work and records its outcome. A returned number wakes the lane after so many milliseconds. */
  run(): Promise<number | undefined>;
  /** Called at the deadline of a running job: returns how many more milliseconds it may run. */
  moreMs?(): number;
  /** Releases the work untouched; only before `run`. */
  release(): Promise<void>;
}

export interface Claim {
  jobs: Job[];
  /** Milliseconds until the next claim, if the lane waits for a time. */
  waitMs: number | undefined;
  /** Whether due work remains that this claim could not take. */
  more: boolean;
  /** The most jobs of this lane that may run at once, if the lane overrides its kind. */
  slots?: number | undefined;
}

export interface LaneKind {
  readonly kind: string;
  /** The most jobs of one lane that may run at once in this process, unless a claim returns `slots`. */
  readonly concurrency: number;
  claim(key: string, max: number): Promise<Claim>;
  /** For the sweeper: the keys of the lanes with due work, without a hold and without a runner. */
  due(): Promise<string[]>;
  /** For the sweeper: steps that depend only on time. Each returns the keys of the lanes that it changed. */
  readonly maintenance?: readonly (() => Promise<string[]>)[];
  /** Called at an orderly stop, after the last claim and the grace period of the running jobs. */
  stop?(): Promise<void>;
}
