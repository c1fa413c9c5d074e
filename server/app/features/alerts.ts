import { statfs } from 'node:fs/promises';
import {
  alertErrors,
  alertRound,
  alertRoutes,
  clockOffset,
  deleteOldAlerts,
  roundMs,
} from '../../features/alerts/index.ts';
import { every, type Feature, hour, type Process } from '../feature.ts';

const keptDays = 90;

export const alerts: Feature = {
  errors: { section: 'Alerts', table: alertErrors },
  routes(server, { process: { context } }) {
    alertRoutes(server, { db: context.db, clock: context.clock });
  },
  sweeps(process) {
    const { engineDb: db, clock } = process.context;
    const needs = { db, clock, measure: measureIn(process) };
    return [
      every(roundMs, process, () => alertRound(needs, async () => {})),
      every(hour, process, () => deleteOldAlerts(db, new Date(clock.now() - keptDays * 24 * hour))),
    ];
  },
};

/** Measures what only the process knows: its disk, and its clock beside that of the database. */
const measureIn =
  ({ context: { config, engineDb } }: Process) =>
  async () => {
    const { blocks, bavail } = await statfs(config.dataDir);
    return { disk: blocks === 0 ? 0 : 100 * (1 - bavail / blocks), clock: await clockOffset(engineDb) };
  };
