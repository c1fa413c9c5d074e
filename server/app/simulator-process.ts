// The simulator beside the server: a process of its own that ends with ours, however ours ends.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Logger } from '../kit/log.ts';
import { packageRoot } from '../kit/package-root.ts';
import { deriveText } from '../kit/secrets.ts';
import { StartError } from '../kit/start-error.ts';
import type { SandboxSecrets } from './config.ts';

/** What the server and its simulator know of each other; nothing of it is stored. */
export const sandboxSecrets = (secretKey: string): SandboxSecrets => ({
  accessToken: deriveText(secretKey, 'sandbox access token'),
  appSecret: deriveText(secretKey, 'sandbox app secret'),
  verifyToken: deriveText(secretKey, 'sandbox verify token'),
});

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
): Promise<SimulatorProcess> {
  let callback: string | undefined;
  let stopping = false;
  let child = launch(place, secrets);
  let url = await listening(child);
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
    child = launch({ ...place, port: Number(new URL(url).port) }, secrets);
    listening(child).then(
      again => {
        url = again;
        if (callback) child.send({ type: 'callback', url: callback });
        watch();
      },
      error => {
        log.error({ err: error }, 'the simulator could not be started again; the next try follows');
        setTimeout(startAgain, startAgainMs).unref();
      },
    );
  }

  return {
    url: () => url,
    setCallback(given) {
      callback = given;
      child.send({ type: 'callback', url: given });
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function launch({ port, ours, dataDir }: Place, secrets: SandboxSecrets): ChildProcess {
  return fork(join(packageRoot, '../simulator/dist/main.js'), {
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
}

async function listening(child: ChildProcess): Promise<string> {
  let words = '';
  child.stderr?.on('data', data => {
    words = `${words}${data}`.slice(-2_000);
  });
  const first = await Promise.race([
    once(child, 'message').then(([message]) => message as { type: string; url: string }),
    once(child, 'exit').then(() => undefined),
  ]);
  if (!first)
    throw new StartError(
      `The simulator did not start: ${words.trim() || 'it gave no reason'}. Set SIMULATOR=off to go without it.`,
    );
  return first.url;
}
