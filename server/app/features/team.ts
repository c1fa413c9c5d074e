import { assignRoute, endSnoozes, stateRoutes, workRoutes } from '../../features/team/index.ts';
import type { Feature } from '../feature.ts';

export const team: Feature = {
  sweeps: ({ context: { engineDb, clock } }) => [() => endSnoozes(engineDb, clock.sqlNow)],
  routes(server, { process: { context } }) {
    const { db, clock } = context;
    stateRoutes(server, { db, clock });
    assignRoute(server, { db, clock });
    workRoutes(server, { db });
  },
};
