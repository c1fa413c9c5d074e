// The engine: wakes lanes, runs them here when there is room, and lets the rest travel as hints.
import type { Logger } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { Clock } from '../kit/time.ts';
import type { Job, LaneKind } from './lane.ts';
import type { Wakeups } from './wakeups.ts';

interface LaneState {
  kind: LaneKind;
  key: string;
  running: Promise<void> | undefined;
  /** Woken while it ran: it has to look again. */
  dirty: boolean;
  atWork: number;
  /** How many jobs may be at work. */
  places: number;
  /** The last claim left due work behind, so a job that ends may make room for it. */
  more: boolean;
  jobEnded: (() => void) | undefined;
  cancelTimer: (() => void) | undefined;
  /** When the timer is over, where there is one. */
  timerAt: number;
}

export interface Engine {
  /** Says that a lane has work. Never fails and never waits; a lost word is made good by the sweeper. */
  wake(kind: string, key: string): void;
  /** Runs a job of a lane beside those that the lane claims. */
  adopt(kind: string, key: string, job: Job): void;
  /** Runs a lane that a hint named; settles when the run is over. */
  run(kind: string, key: string): Promise<void>;
  /** Resolves when no lane runs and no job is at work in this process. */
  idle(): Promise<void>;
  /** Stops claiming and waits for the jobs at work, at most so many milliseconds. */
  stop(graceMs: number): Promise<void>;
}

export interface EngineSettings {
  kinds: LaneKind[];
  wakeups: Wakeups;
  clock: Clock;
  log: Logger;
  /** Whether this process has the worker role. */
  works: boolean;
  metrics: Pick<Metrics, 'laneRuns'>;
  /** Lanes that this process runs at once; what it wakes beyond waits in line, and travels as a hint to whoever has room. */
  maxLanes: number;
  /** After so many milliseconds a run ends and wakes its own lane, so that no busy one starves the others. */
  sliceMs: number;
  /** A job that is not over after so many milliseconds has lost its place; what it may still record stays welcome. */
  jobDeadlineMs: number;
}

/** So long what waits for room in this process is its own matter, in milliseconds. */
const ownMs = 100;

/** How long a free place waits for others to become free, so that one claim fills them all, in milliseconds. */
const patienceMs = 20;

export function createEngine(settings: EngineSettings): Engine {
  const { wakeups, clock, log } = settings;
  const kinds = new Map(settings.kinds.map(kind => [kind.kind, kind]));
  const states = new Map<string, LaneState>();
  /** Those that were woken while there was no room, the longest waiting first. */
  const line = new Set<LaneState>();
  /** When they are passed on to other processes, where they stand in line still. */
  const lateAt: { state: LaneState; at: number }[] = [];
  let cancelLate: (() => void) | undefined;
  let stopping = false;
  let running = 0;
  let idlers: (() => void)[] = [];

  function stateOf(name: string, key: string): LaneState {
    const kind = kinds.get(name);
    if (!kind) throw new Error(`no lanes of kind ${name}`);
    const id = `${name}:${key}`;
    let state = states.get(id);
    if (!state) {
      state = {
        kind,
        key,
        running: undefined,
        dirty: false,
        atWork: 0,
        places: kind.concurrency,
        more: false,
        jobEnded: undefined,
        cancelTimer: undefined,
        timerAt: 0,
      };
      states.set(id, state);
    }
    return state;
  }

  function forget(state: LaneState): void {
    if (!state.running && state.atWork === 0 && !state.cancelTimer && !line.has(state))
      states.delete(`${state.kind.kind}:${state.key}`);
    if (running === 0 && [...states.values()].every(other => !other.running && other.atWork === 0)) {
      for (const resolve of idlers) resolve();
      idlers = [];
    }
  }

  function wake(name: string, key: string): void {
    if (stopping) return;
    if (!settings.works) {
      wakeups.add(name, key);
      return;
    }
    const state = stateOf(name, key);
    if (state.running) {
      state.dirty = true;
      return;
    }
    line.add(state);
    admit();
    // Others are told of what waits here for longer; a process that works tells itself nothing.
    if (line.has(state)) lateAt.push({ state, at: clock.now() + ownMs });
    if (!cancelLate && lateAt.length > 0) cancelLate = clock.after(ownMs, passOn);
  }

  function passOn(): void {
    cancelLate = undefined;
    const now = clock.now();
    while (lateAt[0] && lateAt[0].at <= now) {
      const late = lateAt.shift();
      if (late && line.has(late.state) && !stopping) wakeups.add(late.state.kind.kind, late.state.key);
    }
    if (lateAt[0]) cancelLate = clock.after(Math.max(1, lateAt[0].at - now), passOn);
  }

  /** Runs those that stand in line, as far as there is room. */
  function admit(): void {
    for (const state of line) {
      if (stopping || running >= settings.maxLanes) return;
      void start(state);
    }
  }

  function start(state: LaneState): Promise<void> {
    line.delete(state);
    state.cancelTimer?.();
    state.cancelTimer = undefined;
    running++;
    settings.metrics.laneRuns.inc({ kind: state.kind.kind });
    state.running = loop(state)
      .catch(error => log.error({ err: error, lane: state.kind.kind, key: state.key }, 'a lane run failed'))
      .finally(() => {
        running--;
        state.running = undefined;
        // Behind those that had no turn yet, however much it has left.
        if (state.dirty && !stopping) wake(state.kind.kind, state.key);
        admit();
        forget(state);
      });
    return state.running;
  }

  async function loop(state: LaneState): Promise<void> {
    const end = clock.now() + settings.sliceMs;
    let patientUntil: number | undefined;
    while (!stopping) {
      state.dirty = false;
      const room = state.places - state.atWork;
      if (room <= 0) {
        // Should every place be taken by a slow call, the run ends all the same: the next job that ends wakes the lane.
        if (clock.now() > end) {
          // Whatever the last claim said: what woke the lane since has not been looked for.
          state.more = true;
          return;
        }
        await jobEnded(state, end + 1);
        continue;
      }
      // Claims of one at a time would cost a transaction a message, so a few places wait for others, until half are free;
      // but not for long, as those that are taken may be taken by calls that hang.
      patientUntil ??= clock.now() + patienceMs;
      if (room < state.places / 2 && clock.now() < patientUntil) {
        await jobEnded(state, patientUntil);
        continue;
      }
      patientUntil = undefined;
      const claim = await state.kind.claim(state.key, room);
      state.more = claim.more;
      state.places = claim.places ?? state.places;
      for (const job of claim.jobs) void work(state, job);
      if (claim.waitMs !== undefined) wakeLater(state, claim.waitMs);
      if (claim.jobs.length === 0 && !state.dirty) return;
      if (!claim.more && !state.dirty) return;
      if (clock.now() > end) {
        state.dirty = true;
        return;
      }
    }
  }

  async function work(state: LaneState, job: Job): Promise<void> {
    state.atWork++;
    try {
      const waitMs = await withinDeadline(stopping ? job.release().then(() => undefined) : job.run(), state, job);
      if (typeof waitMs === 'number') wakeLater(state, waitMs);
    } catch (error) {
      log.error({ err: error, lane: state.kind.kind, key: state.key }, 'a job failed; its lease will run out');
    } finally {
      state.atWork--;
      state.jobEnded?.();
      state.jobEnded = undefined;
      // A claim that is under way may not have seen yet what this job made free.
      if (state.running) state.dirty = true;
      else if (state.more) wake(state.kind.kind, state.key);
      forget(state);
    }
  }

  /** Waits until a job of the lane has ended, but no longer than to this moment. */
  function jobEnded(state: LaneState, until: number): Promise<void> {
    return new Promise<void>(resolve => {
      const cancel = clock.after(until - clock.now(), resolve);
      state.jobEnded = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Settles with the job, or at its deadline. */
  function withinDeadline<Result>(work: Promise<Result>, state: LaneState, job: Job): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      let cancel = () => {};
      const wait = (ms: number) => {
        cancel = clock.after(ms, () => {
          const moreMs = job.moreMs?.() ?? 0;
          if (moreMs > 0) return wait(moreMs);
          log.error({ lane: state.kind.kind, key: state.key }, 'a job did not end in time and has lost its place');
          resolve(undefined);
        });
      };
      wait(settings.jobDeadlineMs);
      work.then(resolve, reject).finally(() => cancel());
    });
  }

  function wakeLater(state: LaneState, ms: number): void {
    const at = clock.elapsed() + ms;
    if (stopping || (state.cancelTimer && state.timerAt <= at)) return;
    // A message that is tried again in a minute must not stand before a place that is free in a moment.
    state.cancelTimer?.();
    state.timerAt = at;
    const cancel = clock.after(Math.min(ms, 3_600_000), () => {
      state.cancelTimer = undefined;
      wake(state.kind.kind, state.key);
    });
    state.cancelTimer = cancel;
  }

  return {
    wake,
    adopt(name, key, job) {
      void work(stateOf(name, key), job);
    },
    async run(name, key) {
      if (stopping) return;
      const state = stateOf(name, key);
      state.dirty = true;
      await (state.running ?? start(state));
    },
    idle() {
      const busy = running > 0 || [...states.values()].some(state => state.running || state.atWork > 0);
      return busy ? new Promise(resolve => idlers.push(resolve)) : Promise.resolve();
    },
    async stop(graceMs) {
      stopping = true;
      line.clear();
      cancelLate?.();
      cancelLate = undefined;
      for (const state of states.values()) {
        state.cancelTimer?.();
        state.cancelTimer = undefined;
        state.jobEnded?.();
      }
      let cancel = () => {};
      const over = new Promise<void>(resolve => {
        cancel = clock.after(graceMs, resolve);
      });
      await Promise.race([this.idle(), over]);
      cancel();
      await Promise.all(settings.kinds.map(kind => kind.stop?.()));
    },
  };
}
