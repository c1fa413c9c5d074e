import { deleteOldRequests, requestLog, requestRoutes } from '../../features/requests/index.ts';
import { every, type Feature, hour } from '../feature.ts';

const keptDays = 7;

export const requests: Feature = {
  routes(server, { process: { context } }) {
    const { config, db, engineDb, clock, log, storageFull, closers } = context;
    const requests = requestLog({ db: engineDb, clock, log, holdsBack: storageFull });
    closers.push(requests.flush);
    requestRoutes(server, { db, requests, isOn: config.logsRequests });
  },
  sweeps: process => [
    every(hour, process, () =>
      deleteOldRequests(process.context.engineDb, new Date(process.context.clock.now() - keptDays * 24 * hour)),
    ),
  ],
};
