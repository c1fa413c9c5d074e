// The api role: the HTTP server with every feature's routes. It listens once everything behind it is there.
import { backgroundTasks } from '../kit/async/background-tasks.ts';
import type { Server } from '../kit/http/routes.ts';
import { StartError } from '../kit/start-error.ts';
import { graceMs } from './context.ts';
import type { Api, Process } from './feature.ts';
import { features } from './features.ts';
import { hasOwner, offerSetup, setUpOwner } from './first-owner.ts';
import { listenAt, localUrl } from './http/listen.ts';
import { isOfThisMachine, type MetricsText, metricsRoute } from './http/metrics-route.ts';
import { openServer } from './http/open-server.ts';
import { openWebApp } from './http/web-app.ts';

export interface OpenedApi {
  server: Server;
  url: string;
  /** The one-time setup link, until there is an owner. */
  setupLink: string | undefined;
}

/** Opens the api and lets it listen. @throws StartError if the address is in use, or links in mail would not work */
export async function openApi(process: Process, metricsText: MetricsText): Promise<OpenedApi> {
  const { context, channels } = process;
  const { config, engineDb, clock, log, closers } = context;
  // Not of backups and workers, which write no letters.
  if (config.smtp && config.publicUrl === undefined)
    throw new StartError(
      'PUBLIC_URL is needed with SMTP_URL, because letters have links in them: set it to where people reach Recado.',
    );
  const webApp = openWebApp();
  const { server, http } = await openServer(context, webApp.page);
  metricsRoute(server, metricsText, isOfThisMachine);
  webApp.addRoutes(server, () => hasOwner(engineDb));
  const later = backgroundTasks(log, clock);
  closers.push(() => later.settled(graceMs));
  const first: (() => Promise<void>)[] = [];
  const api: Api = {
    ...http,
    process,
    later,
    publicUrl: () => config.publicUrl ?? localUrl(server, config.host),
    beforeServer: close => void first.push(close),
  };
  for (const { routes } of features) await routes?.(server, api);
  await setUpOwner(process);
  await listenAt(server, { ...config, names: { port: 'PORT', host: 'HOST' } });
  closers.push(async () => {
    // A client that does not read its response must not block the stop.
    const late = setTimeout(() => server.server.closeAllConnections(), graceMs);
    await server.close();
    clearTimeout(late);
  });
  closers.push(...first);
  channels.announce(localUrl(server, config.host));
  for (const { listening } of features) await listening?.(api);
  const url = api.publicUrl();
  const token = await offerSetup(engineDb);
  return { server, url, setupLink: token && `${url}/setup#token=${token}` };
}
