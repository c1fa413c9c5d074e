// An api, two workers and a simulator, each a process of its own, on a database of the caller.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type FailedStart, type LedgerEntry, readLedger } from './actors.ts';
import { type Client, clientOf, owner } from './client.ts';
import { type Part, part } from './part.ts';
import { freePort, noRateLimits, noWhatsApp, noWindow } from './processes.ts';

export interface ClusterPrograms {
  client: Client;
  simulatorUrl: () => string;
  api: Part;
  workers: [Part, Part];
  simulator: Part;
  ledger(): Promise<LedgerEntry[]>;
  deaths(): string[];
  failedStarts(): FailedStart[];
}

/** Starts them with these settings. What ends them is added to `closers`. */
export async function startClusterPrograms(
  folder: string,
  settings: Record<string, string>,
  closers: (() => Promise<unknown>)[],
): Promise<ClusterPrograms> {
  const port = await freePort();
  const simulatorPort = await freePort();
  const client = clientOf(`http://127.0.0.1:${port}`);
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const secrets = {
    SIMULATOR_ACCESS_TOKEN: 'an access token of the run',
    SIMULATOR_APP_SECRET: 'an app secret of the run',
    SIMULATOR_VERIFY_TOKEN: 'a verify token of the run',
    ...noWindow,
  };
  const deaths: string[] = [];
  const failedStarts: FailedStart[] = [];
  const launcher = (file: string, env: Record<string, string>) => part(file, folder, env, deaths, failedStarts);
  const simulator = launcher('simulator/dist/main.js', {
    ...secrets,
    SIMULATOR_PORT: String(simulatorPort),
    SIMULATOR_DATA_DIR: join(folder, 'simulator'),
    // A fault may have kept Recado from telling it of a number.
    SIMULATOR_NUMBERS: 'any',
    SIMULATOR_CALLBACK_URL: `${client.url}/webhooks/whatsapp/sandbox`,
  });
  const env = {
    ...secrets,
    SECRET_KEY: randomBytes(32).toString('base64'),
    ...noRateLimits,
    ...noWhatsApp,
    SIMULATOR_URL: simulatorUrl,
    DATA_DIR: join(folder, 'data'),
    ...settings,
  };
  const api = launcher('scripts/start.mjs', {
    ...env,
    ROLES: 'api',
    PORT: String(port),
    RECADO_OWNER_EMAIL: owner.email,
    RECADO_OWNER_PASSWORD: owner.password,
  });
  const worker = () => launcher('scripts/start.mjs', { ...env, ROLES: 'worker' });
  const workers: [Part, Part] = [worker(), worker()];
  for (const each of [simulator, api, ...workers]) {
    closers.push(each.kill);
    await each.start();
  }
  await client.logIn();
  return {
    client,
    simulatorUrl: () => simulatorUrl,
    api,
    workers,
    simulator,
    ledger: () => readLedger(join(folder, 'simulator')),
    deaths: () => deaths,
    failedStarts: () => failedStarts,
  };
}
