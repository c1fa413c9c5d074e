// The engine wakes lanes and runs them in this process. Lanes beyond its limit go to other workers as wake-ups.
import type { Logger } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import type { Clock } from '../kit/time.ts';
import type { Job, LaneKind } from './lane.ts';
import type { Wakeups } from './wakeups.ts';

interface LaneState {
  kind: LaneKind;
  key: string;
  running: Promise<void> | undefined;
  /** The lane was woken while it ran: it must claim again. */
  dirty: boolean;
  atWork: number;
  /** The most jobs that may run at once. */
  slots: number;
  /** The last claim left due work, so the end of a job wakes the lane. */
  more: boolean;
  jobEnded: (() => void) | undefined;
  cancelTimer: (() => void) | undefined;
  /** When the timer ends, if there is one. */
  timerAt: number;
}

export interface Engine {
  /** Wakes a lane that has work. Never fails and never waits; the sweeper finds a lane whose wake-up is lost. */
  wake(kind: string, key: string): void;
  /** Runs a job of a lane in addition to the jobs that the lane claims. */
  adopt(kind: string, key: string, job: Job): void;
  /** Runs the lane that a wake-up names; settles when the run ends. */
  run(kind: string, key: string): Promise<void>;
  /** Resolves when no lane and no job runs in this process. */
  idle(): Promise<void>;
  /** Stops claiming and waits for the running jobs, at most `graceMs` milliseconds. */
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
  /** The most lanes that run at once in this process. Further lanes wait in line, then go to other workers. */
  maxLanes: number;
  /** After this time a run ends and wakes its lane again, so that a busy lane does not starve the others. */
  sliceMs: number;
  /** After this time a job no longer occupies a slot. It may still record its outcome. */
  jobDeadlineMs: number;
}

/** How long a lane waits in line before this process sends a wake-up, in milliseconds. */
const ownMs = 100;

/** How long a free slot waits for more free slots, so that one claim fills several, in milliseconds. */
const patienceMs = 20;

export function createEngine(settings: EngineSettings): Engine {
  const { wakeups, clock, log } = settings;
  const kinds = new Map(settings.kinds.map(kind => [kind.kind, kind]));
  const states = new Map<string, LaneState>();
  /** Lanes that were woken while this process ran its limit, the longest waiting first. */
  const line = new Set<LaneState>();
  /** When to send wake-ups for the lanes that are still in line. */
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
        slots: kind.concurrency,
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
    // A worker needs no wake-up for its own lane; it sends one only if the lane waits longer than ownMs.
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

  /** Starts lanes from the line, up to the limit. */
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
        // The lane goes to the end of the line, even if it has work left.
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
      const room = state.slots - state.atWork;
      if (room <= 0) {
        // Slow calls may occupy every slot. The run ends anyway: the next job that ends wakes the lane.
        if (clock.now() > end) {
          // The lane may have been woken since the last claim, so there may be more work.
          state.more = true;
          return;
        }
        await jobEnded(state, end + 1);
        continue;
      }
      // Claims of one message cost a transaction each, so the claim waits until half of the slots are free. It waits
      // only briefly: calls that hang may occupy the other slots.
      patientUntil ??= clock.now() + patienceMs;
      if (room < state.slots / 2 && clock.now() < patientUntil) {
        await jobEnded(state, patientUntil);
        continue;
      }
      patientUntil = undefined;
      const claim = await state.kind.claim(state.key, room);
      state.more = claim.more;
      state.slots = claim.slots ?? state.slots;
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
      // A claim under way may not have seen the work that this job made ready.
      if (state.running) state.dirty = true;
      else if (state.more) wake(state.kind.kind, state.key);
      forget(state);
    }
  }

  /** Waits until a job of the lane ends, or until this time. */
  function jobEnded(state: LaneState, until: number): Promise<void> {
    return new Promise<void>(resolve => {
      const cancel = clock.after(until - clock.now(), resolve);
      state.jobEnded = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Settles when the job ends, or at its deadline. */
  function withinDeadline<Result>(work: Promise<Result>, state: LaneState, job: Job): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      let cancel = () => {};
      const wait = (ms: number) => {
        cancel = clock.after(ms, () => {
          const moreMs = job.moreMs?.() ?? 0;
          if (moreMs > 0) return wait(moreMs);
          log.error({ lane: state.kind.kind, key: state.key }, 'a job missed its deadline; its slot is free');
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
    // Keep the earlier of two timers: a retry in a minute must not delay work that is due in a second.
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
