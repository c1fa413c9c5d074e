import {
  cardRoutes,
  costErrors,
  costMaintenance,
  costRoutes,
  costSettingRoutes,
  reconciliationRoutes,
} from '../../features/cost/index.ts';
import type { Feature } from '../feature.ts';

export const cost: Feature = {
  errors: { section: 'Cost', table: costErrors },
  routes(server, { process: { context } }) {
    const needs = { db: context.db, clock: context.clock };
    costRoutes(server, needs);
    cardRoutes(server, needs);
    costSettingRoutes(server, needs);
    reconciliationRoutes(server, needs);
  },
  sweeps: ({ context: { engineDb, clock } }) => [() => costMaintenance(engineDb, () => clock.sqlNow())],
};
