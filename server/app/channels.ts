// The channels of this process. So far only the Sandbox: WhatsApp's Cloud API, served by the simulator.
import { whatsAppCloud } from '../adapters/channels/whatsapp-cloud/index.ts';
import { type AccountNumber, type ChannelName, setChannelPresence } from '../features/accounts/index.ts';
import { type MetaApp, unreadApps } from '../features/inbound/index.ts';
import type { Channel } from '../ports/channel.ts';
import type { AppContext } from './context.ts';
import { introduceNumbers } from './sandbox/numbers.ts';
import { sandboxSecrets, startSimulatorProcess } from './sandbox/simulator-process.ts';
import { version } from './version.ts';

/** The Sandbox's Meta app, one for the whole server. Payloads of unknown numbers go to the app's lane. */
const sandboxApp = { id: 'sandbox', laneKey: '00000000-0000-7000-8000-000000000001' };
const graphVersion = 'v25.0';
const defaultDeadlineMs = 15_000;

export interface Channels {
  /** By channel name, as accounts name them. */
  channels: { sandbox?: Channel };
  /** Why a channel is unavailable, as a sentence; undefined if it is available. */
  absenceOf: (channel: ChannelName) => string | undefined;
  /** The apps whose webhooks we accept, by the name in the webhook URL. */
  apps: Record<string, MetaApp>;
  /** The deadline of a call, in milliseconds. */
  deadlineMs: number;
  /** The simulator's URL; undefined without one. */
  simulatorUrl: () => string | undefined;
  /** Tells the channels the local URL of this server. */
  announce: (localUrl: string) => void;
  /** Registers the numbers of Sandbox accounts with the simulator; never fails. */
  introduce: (numbers: AccountNumber[]) => Promise<void>;
}

/**
 * Opens the channels. Closing them aborts running calls; `recorded` resolves when their outcomes are stored.
 * @throws StartError if the simulator does not start
 */
export async function openChannels(context: AppContext, recorded: () => Promise<void>): Promise<Channels> {
  const { config, overrides, engineDb, closers } = context;
  const deadlineMs = overrides.channelDeadlineMs ?? defaultDeadlineMs;
  const sandbox = await openSandbox(context, deadlineMs);
  if (sandbox)
    closers.push(async () => {
      await sandbox.channel.close();
      await recorded();
      await sandbox.stop();
    });
  // A worker without the simulator leaves the Sandbox to other workers; only the api role speaks for all.
  const absence = sandbox ? undefined : 'The simulator is off (SIMULATOR=off).';
  if (config.roles.includes('api')) {
    await setChannelPresence(engineDb, 'sandbox', absence);
    for (const app of await unreadApps(engineDb, sandbox ? [sandboxApp.id] : []))
      context.log.warn({ app }, 'stored webhooks are not processed, because their app is not configured');
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
    introduce: numbers => introduceNumbers(sandbox.url(), numbers, context.log),
  };
}

/** The Sandbox and its simulator: one that we start, or one that already runs. */
async function openSandbox({ config, foundation, log }: AppContext, deadlineMs: number) {
  const { simulator: wanted } = config;
  if (!wanted || ('port' in wanted && !config.roles.includes('api'))) return undefined;
  const given = 'url' in wanted ? wanted.secrets : undefined;
  const secrets = given ?? sandboxSecrets(foundation.secretKey);
  const place = {
    port: 'port' in wanted ? wanted.port : 0,
    ours: config.port,
    dataDir: config.dataDir,
    window: config.sandboxWindow,
  };
  const started = 'port' in wanted ? await startSimulatorProcess(place, secrets, log) : undefined;
  const url = () => ('url' in wanted ? wanted.url : (started?.url() ?? ''));
  return {
    channel: whatsAppCloud({
      ...secrets,
      userAgent: `recado/${version}`,
      baseUrl: () => `${url()}/${graphVersion}`,
      deadlineMs,
      window: config.sandboxWindow,
    }),
    url,
    setCallback: (address: string) => started?.setCallback(address),
    stop: async () => started?.stop(),
  };
}
