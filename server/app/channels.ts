// The channels of this process. So far that is the Sandbox: WhatsApp's Cloud API as the simulator speaks it.
import { whatsAppCloud } from '../adapters/channels/whatsapp-cloud/index.ts';
import { type AccountNumber, type ChannelName, setChannelPresence } from '../features/accounts/index.ts';
import { type MetaApp, unreadApps } from '../features/inbound/index.ts';
import type { Channel } from '../ports/channel.ts';
import type { Ground } from './context.ts';
import { introduceNumbers } from './sandbox/numbers.ts';
import { sandboxSecrets, startSimulatorProcess } from './sandbox/simulator-process.ts';
import { version } from './version.ts';

/** The Meta app of the Sandbox: one for the whole server. Payloads of unknown numbers wait in the lane of the app. */
const sandboxApp = { id: 'sandbox', laneKey: '00000000-0000-7000-8000-000000000001' };
const graphVersion = 'v25.0';
const defaultDeadlineMs = 15_000;

export interface Channels {
  /** By their names, as accounts say them. */
  channels: { sandbox?: Channel };
  /** Why a channel is not there, as a sentence; undefined where it is. */
  absenceOf: (channel: ChannelName) => string | undefined;
  /** Whose webhooks are taken, by the name in their address. */
  apps: Record<string, MetaApp>;
  /** How long a call may take, in milliseconds. */
  deadlineMs: number;
  /** Where the simulator is; undefined without one. */
  simulatorUrl: () => string | undefined;
  /** Tells the channels where this server is reached from this machine. */
  announce: (localUrl: string) => void;
  /** Tells the simulator of these numbers of Sandbox accounts; never fails. */
  introduce: (numbers: AccountNumber[]) => Promise<void>;
}

/**
 * Opens the channels. `recorded` resolves when the calls that closing them broke off have been recorded.
 * @throws StartError where the simulator does not start
 */
export async function openChannels(ground: Ground, recorded: () => Promise<void>): Promise<Channels> {
  const { config, overrides, engineDb, closers } = ground;
  const deadlineMs = overrides.channelDeadlineMs ?? defaultDeadlineMs;
  const sandbox = await openSandbox(ground, deadlineMs);
  if (sandbox)
    closers.push(async () => {
      await sandbox.channel.close();
      await recorded();
      await sandbox.stop();
    });
  // A worker without the simulator leaves the Sandbox to those that have it; only the api speaks for the whole.
  const absence = sandbox ? undefined : 'The simulator is off (SIMULATOR=off).';
  if (config.roles.includes('api')) {
    await setChannelPresence(engineDb, 'sandbox', absence);
    for (const app of await unreadApps(engineDb, sandbox ? [sandboxApp.id] : []))
      ground.log.warn({ app }, 'webhooks wait that nobody reads, as their app is not configured');
  }
  const absenceOf = () => absence;
  if (!sandbox)
    return {
      channels: {},
      absenceOf,
      apps: {},
      deadlineMs,
      simulatorUrl: () => undefined,
      announce: () => {},
      introduce: async () => {},
    };
  const { channel } = sandbox;
  return {
    channels: { sandbox: channel },
    absenceOf,
    apps: { [sandboxApp.id]: { channel, name: 'sandbox', laneKey: sandboxApp.laneKey } },
    deadlineMs,
    simulatorUrl: sandbox.url,
    announce: localUrl => sandbox.setCallback(`${localUrl}/webhooks/whatsapp/${sandboxApp.id}`),
    introduce: numbers => introduceNumbers(sandbox.url(), numbers, ground.log),
  };
}

/** The Sandbox with its simulator: one that is started here, or one that runs already. */
async function openSandbox({ config, foundation, log }: Ground, deadlineMs: number) {
  const { simulator: wanted } = config;
  if (!wanted || ('port' in wanted && !config.roles.includes('api'))) return undefined;
  const given = 'url' in wanted ? wanted.secrets : undefined;
  const secrets = given ?? sandboxSecrets(foundation.secretKey);
  const place = { port: 'port' in wanted ? wanted.port : 0, ours: config.port, dataDir: config.dataDir };
  const started = 'port' in wanted ? await startSimulatorProcess(place, secrets, log) : undefined;
  const url = () => ('url' in wanted ? wanted.url : (started?.url() ?? ''));
  return {
    channel: whatsAppCloud({
      ...secrets,
      userAgent: `recado/${version}`,
      baseUrl: () => `${url()}/${graphVersion}`,
      deadlineMs,
    }),
    url,
    setCallback: (address: string) => started?.setCallback(address),
    stop: async () => started?.stop(),
  };
}
