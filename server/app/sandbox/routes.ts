// The routes of the Sandbox: its simulated phones, and demo data.
import { demoRoutes } from '../../features/demo/index.ts';
import { fileOpener } from '../../features/media/index.ts';
import { openSimulatorClient, phoneRoutes } from '../../features/sandbox/index.ts';
import { backgroundTasks } from '../../kit/async/background-tasks.ts';
import type { Server } from '../../kit/http/routes.ts';
import type { OpenedChannels } from '../channels.ts';
import { type AppContext, graceMs } from '../context.ts';
import { localUrl } from '../http/listen.ts';
import type { MediaParts } from '../media.ts';

/** Adds the routes of simulated phones and of demo data. */
export function sandboxRoutes(
  server: Server,
  { config, db, engineDb, clock, log, closers }: AppContext,
  { simulatorUrl }: OpenedChannels,
  { mediaService }: MediaParts,
): void {
  const simulator = openSimulatorClient(simulatorUrl);
  phoneRoutes(server, { db, simulator, openFile: fileOpener(engineDb, mediaService) });
  const tasks = backgroundTasks(log, clock);
  closers.push(() => tasks.settled(graceMs));
  demoRoutes(server, {
    db,
    engineDb,
    clock,
    simulator,
    backgroundTasks: tasks,
    localUrl: () => localUrl(server, config.host),
  });
}
