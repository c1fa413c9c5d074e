import {
  cardRoutes,
  costErrors,
  costMaintenance,
  costRoutes,
  costSettingRoutes,
  reconciliationRoutes,
  reconciliations,
} from '../../features/cost/index.ts';
import { every, type Feature, hour } from '../feature.ts';

export const cost: Feature = {
  errors: { section: 'Cost', table: costErrors },
  routes(server, { process: { context } }) {
    const needs = { db: context.db, clock: context.clock };
    costRoutes(server, needs);
    cardRoutes(server, needs);
    costSettingRoutes(server, needs);
    reconciliationRoutes(server, needs);
  },
  sweeps(process) {
    const { engineDb: db, clock, log } = process.context;
    const { business, encrypter } = process.channels;
    const comparisons = reconciliations({ db, clock, log, encrypter, business });
    process.onStop(comparisons.close);
    return [() => costMaintenance(db, () => clock.sqlNow()), every(hour, process, async () => comparisons.begin())];
  },
};
