import { deleteExpiredEvents, eventErrors, eventRoutes } from '../../features/events/index.ts';
import { every, type Feature, hour } from '../feature.ts';

export const events: Feature = {
  errors: { section: 'Events', table: eventErrors },
  routes(server, { process: { context }, authenticate }) {
    const { db, engineDb, tail } = context;
    eventRoutes(server, { db, engineDb, tail, authenticate });
  },
  sweeps(process) {
    const { engineDb, clock } = process.context;
    return [every(hour, process, () => deleteExpiredEvents(engineDb, clock.sqlNow()))];
  },
};
