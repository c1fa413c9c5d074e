// The channels of this process: for each account that it serves, the calls with the credentials of that account.
import { join } from 'node:path';
import { type ChannelName, channels } from '@recado/contract';
import { metaBusiness, openAgent } from '../adapters/channels/whatsapp-cloud/index.ts';
import { type AccountNumber, setChannelPresence, setLinksOff } from '../features/accounts/index.ts';
import { unreadApps } from '../features/inbound/index.ts';
import { findLinkedAt } from '../features/links/index.ts';
import { type Encrypter, encrypter } from '../kit/crypto/encryption.ts';
import type { BusinessApi } from '../ports/business.ts';
import type { Channels, WebhookApps } from '../ports/channel.ts';
import type { ChannelKind } from './channel-kind.ts';
import { cloudChannels } from './cloud-channel.ts';
import type { AppContext } from './context.ts';
import { type GatewaySessions, openSessions } from './gateway-sessions.ts';
import { introduceNumbers } from './sandbox/numbers.ts';
import { sandboxCallback, sandboxChannels } from './sandbox/sandbox-channel.ts';
import { sandboxSecrets, startSimulatorProcess } from './sandbox/simulator-process.ts';
import { version } from './version.ts';
import { webChannels } from './web-channel.ts';

const defaultDeadlineMs = 15_000;
const webIsOff = 'WhatsApp Web is off (WHATSAPP_WEB=off).';

export interface OpenedChannels {
  channels: Channels;
  /** Why a channel is unavailable, as a sentence; undefined if it is available. */
  absenceOf: (channel: ChannelName) => string | undefined;
  /** The apps whose webhooks we accept. */
  apps: WebhookApps;
  /** Calls about the credentials and numbers of real accounts. */
  business: BusinessApi;
  /** The sessions of linked phones; undefined without the gateway role. */
  sessions: GatewaySessions | undefined;
  /** Encrypts credentials. */
  encrypter: Encrypter;
  /** Some credentials have just changed. */
  forget: () => void;
  /** The deadline of a call, in milliseconds. */
  deadlineMs: number;
  /** The simulator's URL; undefined without one. */
  simulatorUrl: () => string | undefined;
  /** Tells the simulator the local URL of this server. */
  announce: (localUrl: string) => void;
  /** Registers the numbers of Sandbox accounts with the simulator; never fails. */
  introduce: (numbers: AccountNumber[]) => Promise<void>;
}

/**
 * Opens the channels. Closing them aborts running calls; `recorded` resolves when their outcomes are stored.
 * @throws StartError if the simulator does not start
 */
export async function openChannels(context: AppContext, recorded: () => Promise<void>): Promise<OpenedChannels> {
  const { config, overrides, engineDb, foundation, clock, log, closers } = context;
  const graph = { userAgent: `recado/${version}`, deadlineMs: overrides.channelDeadlineMs ?? defaultDeadlineMs };
  const simulator = await openSimulator(context);
  const secrets = encrypter(foundation.secretKey, foundation.earlierKeys);
  const baseUrl = `${config.graph.url}/${config.graph.version}`;
  const agent = openAgent();
  const sessions = await openSessions(context);
  const served: Record<ChannelName, ChannelKind | undefined> = {
    cloud: cloudChannels({ ...graph, db: engineDb, encrypter: secrets, clock, baseUrl }),
    sandbox:
      simulator &&
      sandboxChannels({
        ...graph,
        secrets: simulator.secrets,
        window: config.sandboxWindow,
        baseUrl: () => `${simulator.url()}/${config.graph.version}`,
      }),
    web: config.whatsAppWeb
      ? webChannels({
          db: engineDb,
          sessions,
          runner: context.runner,
          folder: sessions?.folder ?? join(config.dataDir, 'web-files'),
          deadlineMs: graph.deadlineMs,
          linkedAt: async accountId => findLinkedAt(engineDb, accountId),
        })
      : undefined,
  };
  const kinds = Object.values(served).filter(kind => kind !== undefined);
  closers.push(async () => {
    await Promise.all([agent.destroy(), ...kinds.map(kind => kind.close())]);
    await recorded();
    await simulator?.stop();
  });
  const apps = appsOf(kinds);
  // A worker without the simulator leaves the Sandbox to other workers; only the api role speaks for all.
  const absence: Record<ChannelName, string | undefined> = {
    cloud: undefined,
    sandbox: simulator ? undefined : 'The simulator is off (SIMULATOR=off).',
    web: config.whatsAppWeb ? undefined : webIsOff,
  };
  if (config.roles.includes('api')) {
    await setChannelPresence(engineDb, 'sandbox', absence.sandbox);
    await setLinksOff(engineDb, absence.web !== undefined, webIsOff);
    for (const app of await unreadApps(engineDb, apps.configured))
      log.warn({ app }, 'stored webhooks are not processed, because their app is not configured');
  }
  return {
    channels: channelsOf(kinds, config.roles.includes('worker')),
    sessions,
    absenceOf: channel => absence[channel],
    apps,
    business: metaBusiness({ ...graph, baseUrl: () => baseUrl, agent }),
    encrypter: secrets,
    forget: () => {
      for (const kind of kinds) kind.forget();
    },
    deadlineMs: graph.deadlineMs,
    simulatorUrl: () => simulator?.url(),
    announce: localUrl => simulator?.setCallback(sandboxCallback(localUrl)),
    introduce: async numbers => simulator && introduceNumbers(simulator.url(), numbers, log),
  };
}

function channelsOf(kinds: ChannelKind[], works: boolean): Channels {
  const byName = new Map<string, ChannelKind>(kinds.map(kind => [kind.name, kind]));
  const kindOf = (name: string): ChannelKind => {
    const kind = byName.get(name);
    if (!kind) throw new Error(`this process does not serve accounts of the channel ${name}`);
    return kind;
  };
  return {
    // A gateway without the worker role runs the lanes of its sessions only.
    routes: kinds.flatMap(kind => (works || channels[kind.name].needs_session ? kind.routes : [])),
    capabilitiesOf: name => byName.get(name)?.capabilities,
    of: async ({ accountId, channel }) => kindOf(channel).of(accountId),
    renew: async ({ accountId, channel }) => kindOf(channel).renew(accountId),
  };
}

function appsOf(kinds: ChannelKind[]): WebhookApps {
  const first = async (look: (apps: WebhookApps) => ReturnType<WebhookApps['find']>) => {
    for (const { apps } of kinds) {
      const found = await look(apps);
      if (found) return found;
    }
    return undefined;
  };
  return {
    configured: kinds.flatMap(({ apps }) => apps.configured),
    find: name => first(apps => apps.find(name)),
    renew: name => first(apps => apps.renew(name)),
  };
}

/** The simulator: one that we start, or one that already runs. */
async function openSimulator({ config, foundation, log }: AppContext) {
  const { simulator: wanted } = config;
  if (!wanted || ('port' in wanted && !config.roles.includes('api'))) return undefined;
  const given = 'url' in wanted ? wanted.secrets : undefined;
  const secrets = given ?? sandboxSecrets(foundation.secretKey);
  const place = {
    port: 'port' in wanted ? wanted.port : 0,
    ours: config.port,
    dataDir: config.dataDir,
    window: config.sandboxWindow,
    limits: config.sandboxLimits,
  };
  const started = 'port' in wanted ? await startSimulatorProcess(place, secrets, log) : undefined;
  return {
    secrets,
    url: () => ('url' in wanted ? wanted.url : (started?.url() ?? '')),
    setCallback: (address: string) => started?.setCallback(address),
    stop: async () => started?.stop(),
  };
}
