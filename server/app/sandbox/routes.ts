// The routes of the Sandbox: its simulated phones.
import { fileOpener } from '../../features/media/index.ts';
import { openSimulatorClient, phoneRoutes } from '../../features/sandbox/index.ts';
import type { Server } from '../../kit/http/routes.ts';
import type { OpenedChannels } from '../channels.ts';
import type { AppContext } from '../context.ts';
import type { MediaParts } from '../media.ts';

/** Adds the routes of simulated phones. */
export function sandboxRoutes(
  server: Server,
  { db, engineDb }: AppContext,
  { simulatorUrl }: OpenedChannels,
  { mediaService }: MediaParts,
): void {
  const simulator = openSimulatorClient(simulatorUrl);
  phoneRoutes(server, { db, simulator, openFile: fileOpener(engineDb, mediaService) });
}
