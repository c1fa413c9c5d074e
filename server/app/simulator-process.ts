// The simulator beside the server: a process of its own that ends with ours, however ours ends.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../kit/package-root.ts';
import { deriveText } from '../kit/secrets.ts';
import { StartError } from '../kit/start-error.ts';

export interface SandboxSecrets {
  accessToken: string;
  appSecret: string;
  verifyToken: string;
}

/** What the server and its simulator know of each other; nothing of it is stored. */
export const sandboxSecrets = (secretKey: string): SandboxSecrets => ({
  accessToken: deriveText(secretKey, 'sandbox access token'),
  appSecret: deriveText(secretKey, 'sandbox app secret'),
  verifyToken: deriveText(secretKey, 'sandbox verify token'),
});

export interface SimulatorProcess {
  url: string;
  /** Tells it where to post webhooks. */
  setCallback(url: string): void;
  stop(): Promise<void>;
}

/** Starts the simulator on this port, or the next free one. @throws StartError where it does not come up. */
export async function startSimulatorProcess(
  port: number,
  dataDir: string,
  secrets: SandboxSecrets,
): Promise<SimulatorProcess> {
  const child = fork(join(packageRoot, '../simulator/dist/main.js'), {
    // Not in our process group: a signal from the terminal is for the server, which stops the simulator in its turn.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      SIMULATOR_PORT: String(port),
      SIMULATOR_DATA_DIR: join(dataDir, 'simulator'),
      SIMULATOR_ACCESS_TOKEN: secrets.accessToken,
      SIMULATOR_APP_SECRET: secrets.appSecret,
      SIMULATOR_VERIFY_TOKEN: secrets.verifyToken,
    },
  });
  const url = await listening(child);
  return {
    url,
    setCallback: callback => child.send({ type: 'callback', url: callback }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
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
