// A feature as the composition sees it. `features.ts` lists all of them; nothing else in this folder needs to change for a
// new one.
import type { Job, LaneKind } from '../engine/lane.ts';
import type { HookHandlers, RunHook } from '../features/hooks.ts';
import type { BackgroundTasks } from '../kit/async/background-tasks.ts';
import type { ErrorTable } from '../kit/errors.ts';
import type { Server } from '../kit/http/routes.ts';
import type { OpenedChannels } from './channels.ts';
import type { AppContext } from './context.ts';
import type { HttpParts } from './http/parts.ts';
import type { MediaParts } from './media.ts';

/** A process: the context, the channels and files, and the engine. */
export interface Process {
  context: AppContext;
  channels: OpenedChannels;
  media: MediaParts;
  runHook: RunHook;
  wake: (kind: string, key: string) => void;
  /** Runs a job that began outside of a claim, in the lane of an account. */
  adopt: (accountId: string, job: Job) => void;
  /** Adds a stop, which runs beside the others at the end of the process. */
  onStop: (stop: () => Promise<void>) => void;
  /** Adds work for the time after the stops. */
  afterStop: (close: () => Promise<void>) => void;
}

/** A process with the api role. */
export interface Api extends HttpParts {
  process: Process;
  /** Sends letters and does other work after the response. */
  later: BackgroundTasks;
  publicUrl: () => string;
  /** Adds a close that runs before that of the server, which waits for open responses. */
  beforeServer: (close: () => Promise<void>) => void;
}

export interface Feature {
  /** The section of the error reference, and its table. */
  errors?: { section: string; table: ErrorTable | (() => Promise<ErrorTable>) };
  hooks?: HookHandlers;
  /** Adds the routes. */
  routes?: (server: Server, api: Api) => void | Promise<void>;
  lanes?: (process: Process) => LaneKind[] | Promise<LaneKind[]>;
  /** Called once where the process sweeps, before its first sweep. Returns the tasks of a sweep. */
  sweeps?: (process: Process) => SweepTask[] | Promise<SweepTask[]>;
  /** Called once the API listens. */
  listening?: (api: Api) => Promise<void>;
}

export type SweepTask = () => Promise<void>;

/** A part that several features share. It is made when the first of them asks for it, once in a process. */
export function part<Key extends object, Part>(make: (key: Key) => Part): (key: Key) => Part {
  const made = new WeakMap<Key, Part>();
  return key => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

export const minute = 60_000;
export const hour = 60 * minute;

/** Runs at the first sweep, then at the first one after each interval; at the next one if work is left. */
export function every(ms: number, { context: { clock } }: Process, task: () => Promise<unknown>): SweepTask {
  let last: number | undefined;
  return async () => {
    const now = clock.now();
    // A clock that was set back would let it rest for as long.
    if (last !== undefined && now >= last && now < last + ms) return;
    last = now;
    if ((await task()) === true) last = undefined;
  };
}
