import {
  deleteExpiredImports,
  importErrors,
  importHooks,
  importLane,
  importRoutes,
} from '../../features/imports/index.ts';
import { every, type Feature, minute } from '../feature.ts';

export const imports: Feature = {
  errors: { section: 'Imports', table: importErrors },
  hooks: importHooks,
  routes(server, { process: { context, wake } }) {
    return importRoutes(server, { db: context.db, clock: context.clock, wake });
  },
  lanes({ context, onStop }) {
    const { engineDb, clock, log, runner } = context;
    const lane = importLane({ db: engineDb, clock, log, runner });
    onStop(async () => lane.stopSoon());
    return [lane];
  },
  sweeps: process => [every(minute, process, deleteExpiredImports(process.context.engineDb, process.context.clock))],
};
