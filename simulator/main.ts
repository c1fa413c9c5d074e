#!/usr/bin/env node
// Runs the simulator as a process of its own.
import { readArguments, readEnvironment, usage } from './environment.ts';
import { type Simulator, startSimulator } from './index.ts';

const run = async (): Promise<void> => {
  const given = readGiven();
  if (given === null) return;
  const environment = readEnvironment({ ...process.env, ...given });
  if (!environment.ok) return fail(environment.message);
  const simulator = await startSimulator(environment.options);
  console.log(`simulator: Graph API and phones on ${simulator.url} (phones: ${simulator.url}/phones)`);
  for (const [name, value] of Object.entries(environment.generated)) console.log(`${name}=${value}`);
  dieInOrder(simulator);
  followParent(simulator);
};

/** The arguments as variables; null if there is nothing to run. */
const readGiven = (): Record<string, string> | null => {
  try {
    const { help, env } = readArguments(process.argv.slice(2));
    if (!help) return env;
    console.log(usage);
  } catch (error) {
    fail(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
  return null;
};

const fail = (message: string): void => {
  console.error(message);
  process.exitCode = 1;
  process.disconnect?.();
};

const stop = (simulator: Simulator): void => {
  simulator.close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error('simulator: could not close:', error);
      process.exit(1);
    },
  );
};

const dieInOrder = (simulator: Simulator): void => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(simulator));
};

/** A parent process gets the URL, may set the callback, and ends the simulator when it dies. */
const followParent = (simulator: Simulator): void => {
  if (process.send === undefined) return;
  process.on('disconnect', () => stop(simulator));
  process.on('message', (message: unknown) => {
    const { type, url } = (message ?? {}) as { type?: unknown; url?: unknown };
    if (type === 'callback' && (typeof url === 'string' || url === null)) simulator.setCallbackUrl(url);
  });
  process.send({ type: 'listening', port: simulator.port, url: simulator.url });
};

run().catch((error: unknown) => {
  console.error('simulator: could not start:', error instanceof Error ? error.message : error);
  process.exit(1);
});
