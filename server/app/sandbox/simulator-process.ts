// The simulator beside the server: a process of its own that ends with ours, however ours ends.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { deriveText } from '../../kit/crypto/secrets.ts';
import type { Logger } from '../../kit/log.ts';
import { packageRoot } from '../../kit/os/package-root.ts';
import { reasonOf, StartError } from '../../kit/start-error.ts';
import type { SandboxSecrets } from '../config/config.ts';

/** What the server and its simulator know of each other; nothing of it is stored. */
export const sandboxSecrets = (secretKey: string): SandboxSecrets => ({
  accessToken: deriveText(secretKey, 'sandbox access token'),
  appSecret: deriveText(secretKey, 'sandbox app secret'),
  verifyToken: deriveText(secretKey, 'sandbox verify token'),
});

/** One that hangs must hold up neither our start nor our end. */
const defaults = {
  program: join(packageRoot, '../simulator/dist/main.js'),
  /** How long it may take to come up: it reads all that it has kept. */
  startMs: 120_000,
  /** How long it may take to end when it is told to. What it had not done by then, it does after its next start. */
  stopMs: 5_000,
};

/** What stands in the way of a start, like a full disk, may take its time to go. */
const startAgainMs = 5_000;

export interface SimulatorProcess {
  /** Where it listens at the moment. */
  url(): string;
  /** Tells it where to post webhooks. */
  setCallback(url: string): void;
  stop(): Promise<void>;
}

/** Where a simulator is to be: this port, or the next free one but for ours. */
interface Place {
  port: number;
  ours: number;
  dataDir: string;
}

/**
 * Starts the simulator at this place. Should it end by itself it is started again.
 * @throws StartError where it does not come up
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
      log.error({ code, signal }, 'the simulator has ended by itself and is started again');
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
        log.error({ err: error }, 'the simulator could not be started again; the next try follows');
        setTimeout(startAgain, startAgainMs).unref();
      },
    );
  }

  function tell(address: string): void {
    // Without a callback, a simulator that is gone would throw outside of everything; what follows it is told too.
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

function launch(program: string, { port, ours, dataDir }: Place, secrets: SandboxSecrets): ChildProcess {
  const child = fork(program, {
    // Not in our process group: a signal from the terminal is for the server, which stops the simulator in its turn.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      SIMULATOR_PORT: String(port),
      SIMULATOR_SKIP_PORT: String(ours),
      SIMULATOR_DATA_DIR: join(dataDir, 'simulator'),
      SIMULATOR_ACCESS_TOKEN: secrets.accessToken,
      SIMULATOR_APP_SECRET: secrets.appSecret,
      SIMULATOR_VERIFY_TOKEN: secrets.verifyToken,
    },
  });
  // One that could not be started, or not be told anything: that it does not come up, or ends, is what counts.
  child.on('error', () => {});
  return child;
}

/** Its address, once it listens. @throws StartError where it does not, and it is ended then */
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
    `The simulator did not start: ${words.trim() || 'it gave no reason'}. Set SIMULATOR=off to go without it.`,
  );
}
