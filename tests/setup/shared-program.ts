// A workspace for one test file, in a program that all such files of a worker share.
import { type Scenario, startScenario } from './scenario.ts';

/** What vitest keeps of a worker; `onCleanup` is what it tears down its own fixtures with when the worker ends. */
declare const __vitest_worker__: { onCleanup(listener: () => Promise<void>): void };

let program: Promise<Scenario> | undefined;

async function startProgram(): Promise<Scenario> {
  const scenario = await startScenario();
  __vitest_worker__.onCleanup(() => scenario.close());
  return scenario;
}

/**
 * A workspace of its own, with an owner and a Sandbox account. Rows of other files are in the database too: a test may
 * count what its own callers see, not tables. For a clock, roles, settings, another store or an end of the program it
 * needs `startScenario`.
 */
export async function openWorkspace(): Promise<Scenario> {
  program ??= startProgram();
  const scenario = await (await program).another();
  // Failed logins count by address, and all files have the same one.
  await scenario.sql('delete from login_failure');
  const isShared = () => Promise.reject(new Error('this program is shared by files: use startScenario()'));
  return {
    ...scenario,
    advance: isShared,
    node: isShared,
    async close() {
      scenario.simulator.setFault(null);
      await scenario.settle();
    },
  };
}
