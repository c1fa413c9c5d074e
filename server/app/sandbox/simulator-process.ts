// Runs the simulator as a separate process that ends with ours, however ours ends.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { deriveText } from '../../kit/crypto/secrets.ts';
import type { Logger } from '../../kit/log.ts';
import { packageRoot } from '../../kit/os/package-root.ts';
import { reasonOf, StartError } from '../../kit/start-error.ts';
import type { SandboxSecrets } from '../config/config.ts';

/** Secrets shared by the server and its simulator; not stored. */
export const sandboxSecrets = (secretKey: string): SandboxSecrets => ({
  accessToken: deriveText(secretKey, 'sandbox access token'),
  appSecret: deriveText(secretKey, 'sandbox app secret'),
  verifyToken: deriveText(secretKey, 'sandbox verify token'),
});

/** A hanging simulator must delay neither our start nor our stop. */
const defaults = {
  program: join(packageRoot, '../simulator/dist/main.js'),
  /** How long it may take to start: it reads all of its stored data. */
  startMs: 120_000,
  /** How long it may take to stop. It finishes the rest after its next start. */
  stopMs: 5_000,
};

/** An obstacle to a start, such as a full disk, may last. */
const startAgainMs = 5_000;

export interface SimulatorProcess {
  /** Its current URL. */
  url(): string;
  /** Sets the URL that it posts webhooks to. */
  setCallback(url: string): void;
  stop(): Promise<void>;
}

/** The simulator's port: the fixed one, or from this one the next free port that is not ours. */
interface Place {
  port: number;
  ours: number;
  dataDir: string;
  /** Whether it has the 24-hour window. */
  window: boolean;
  /** Whether it has WhatsApp's limits. */
  limits: boolean;
}

/**
 * Starts the simulator, and restarts it if it ends by itself.
 * @throws StartError if it does not start
 */
export async function startSimulatorProcess(
  place: Place,
  secrets: SandboxSecrets,
  log: Logger,
  given: Partial<typeof defaults> = {},
): Promise<SimulatorProcess> {
  const { program, startMs, stopMs } = { ...defaults, ...given };
  let callback: string | undefined;
  let stopping = false;
  let child = launch(program, place, secrets);
  let url = await listening(child, startMs);
  watch();

  function watch(): void {
    child.once('exit', (code, signal) => {
      if (stopping) return;
      log.error({ code, signal }, 'the simulator ended unexpectedly and is restarted');
      startAgain();
    });
  }

  function startAgain(): void {
    if (stopping) return;
    child = launch(program, { ...place, port: Number(new URL(url).port) }, secrets);
    listening(child, startMs).then(
      again => {
        url = again;
        if (callback) tell(callback);
        watch();
      },
      error => {
        log.error({ err: error }, 'the simulator could not be restarted; retrying');
        setTimeout(startAgain, startAgainMs).unref();
      },
    );
  }

  function tell(address: string): void {
    // Without a callback, sending to a dead process would throw outside any handler. Its successor gets the URL too.
    child.send({ type: 'callback', url: address }, () => {});
  }

  return {
    url: () => url,
    setCallback(given) {
      callback = given;
      tell(given);
    },
    async stop() {
      stopping = true;
      await end(child, stopMs);
    },
  };
}

async function end(child: ChildProcess, patienceMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(late);
}

function launch(
  program: string,
  { port, ours, dataDir, window, limits }: Place,
  secrets: SandboxSecrets,
): ChildProcess {
  const child = fork(program, {
    // Not in our process group: a terminal's signal is for the server, which then stops the simulator.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      SIMULATOR_PORT: String(port),
      SIMULATOR_SKIP_PORT: String(ours),
      SIMULATOR_DATA_DIR: join(dataDir, 'simulator'),
      // Recado itself, on this machine, is its only caller, and tells it of its numbers; one that came too late works.
      SIMULATOR_CALLBACKS: 'any',
      SIMULATOR_NUMBERS: 'any',
      SIMULATOR_WINDOW: window ? 'on' : 'off',
      SIMULATOR_LIMITS: limits ? 'on' : 'off',
      SIMULATOR_ACCESS_TOKEN: secrets.accessToken,
      SIMULATOR_APP_SECRET: secrets.appSecret,
      SIMULATOR_VERIFY_TOKEN: secrets.verifyToken,
    },
  });
  // Failing to start or to receive a message is not an error by itself: we watch whether it listens, and whether it
  // ends.
  child.on('error', () => {});
  return child;
}

/** Resolves with its URL once it listens. @throws StartError if it does not listen in time; it is stopped then */
async function listening(child: ChildProcess, patienceMs: number): Promise<string> {
  let words = '';
  child.stderr?.on('data', data => {
    words = `${words}${data}`.slice(-2_000);
  });
  const waiting = new AbortController();
  const { signal } = waiting;
  const late = setTimeout(() => {
    words ||= `it was silent for ${patienceMs / 1_000} seconds`;
    child.kill('SIGKILL');
  }, patienceMs);
  try {
    const first = await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as { type: string; url: string }),
      once(child, 'exit', { signal }).then(() => undefined),
    ]);
    if (first) return first.url;
  } catch (error) {
    words ||= reasonOf(error);
  } finally {
    clearTimeout(late);
    waiting.abort();
  }
  throw new StartError(
    `The simulator did not start: ${words.trim() || 'it gave no reason'}. Set SIMULATOR=off to run without it.`,
  );
}
