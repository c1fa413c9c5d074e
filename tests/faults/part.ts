// A program of the run that is restarted whenever it ends.
import type { FailedStart } from './actors.ts';
import { type Actor, end, launchNode, until } from './processes.ts';

/** A part that can be restarted after a kill. */
export interface Part {
  start(): Promise<void>;
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

/** Restarted like under a supervisor. */
export function part(
  file: string,
  folder: string,
  env: Record<string, string>,
  deaths: string[],
  failedStarts: FailedStart[],
): Part {
  let actor: Actor | undefined;
  let killing = false;

  function launch(): Actor {
    const from = performance.now();
    const launched = launchNode(file, folder, env);
    void launched.gone.then(async () => {
      if (killing) return;
      const words = `${file} (${env.ROLES ?? 'simulator'}) ended by itself: ${launched.words()}`;
      // It may exit if the database or Redis is down during its start, and never after that.
      if (!launched.ready()) return void failedStarts.push({ from, to: performance.now(), words });
      deaths.push(words);
      await start();
    });
    return launched;
  }

  async function start(): Promise<void> {
    killing = false;
    await until(`started: ${file}`, 120, async () => {
      if (!actor || actor.isGone()) actor = launch();
      return actor.ready() !== undefined;
    });
  }

  return {
    start,
    async kill() {
      killing = true;
      await end(actor);
    },
    signal: signal => actor?.signal(signal),
  };
}
