// A workspace for one test file, in a program that all such files of a worker share.
import { type Story, startStory } from './scenario.ts';

/** What vitest keeps of a worker; `onCleanup` is what it tears down its own fixtures with when the worker ends. */
declare const __vitest_worker__: { onCleanup(listener: () => Promise<void>): void };

let program: Promise<Story> | undefined;

async function startProgram(): Promise<Story> {
  const story = await startStory();
  __vitest_worker__.onCleanup(() => story.close());
  return story;
}

/**
 * A workspace of its own, with an owner and a Sandbox account. Rows of other files are in the database too: a test may
 * count what its own callers see, not tables. For a clock, roles, settings, another store or an end of the program it
 * needs `startStory`.
 */
export async function openWorkspace(): Promise<Story> {
  program ??= startProgram();
  const story = await (await program).another();
  // Failed logins count by address, and all files have the same one.
  await story.sql('delete from login_failure');
  const isShared = () => Promise.reject(new Error('this program is shared by files: use startStory()'));
  return {
    ...story,
    advance: isShared,
    node: isShared,
    async close() {
      story.simulator.setFault(null);
      await story.settle();
    },
  };
}
