import { fileOpener } from '../../features/media/index.ts';
import { openSimulatorClient, phoneRoutes, sandboxErrors } from '../../features/sandbox/index.ts';
import { type Feature, type Process, part } from '../feature.ts';

export const sandbox: Feature = {
  errors: { section: 'Simulated phones', table: sandboxErrors },
  routes(server, { process }) {
    const { db, engineDb } = process.context;
    const openFile = fileOpener(engineDb, process.media.mediaService);
    phoneRoutes(server, { db, simulator: simulatorOf(process), openFile });
  },
};

export const simulatorOf = part(({ channels }: Process) => openSimulatorClient(channels.simulatorUrl));
