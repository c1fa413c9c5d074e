import { isAnyAlive } from '../../engine/worker-store.ts';
import { bulkRoutes, prolongGracePeriods, queueRoutes, reportStuck } from '../../features/outcomes/index.ts';
import { every, type Feature, minute } from '../feature.ts';
import { messageNeedsOf } from './messages.ts';

export const outcomes: Feature = {
  routes(server, { process }) {
    queueRoutes(server, messageNeedsOf(process));
    bulkRoutes(server, messageNeedsOf(process));
  },
  async sweeps(process) {
    const { engineDb, clock, foundation } = process.context;
    // Perhaps no process could take receipts for a while. The channel then posts them again.
    if (foundation.alone || !(await isAnyAlive(engineDb))) await prolongGracePeriods(engineDb, clock.sqlNow());
    return [every(minute, process, () => reportStuck(engineDb, clock.sqlNow()))];
  },
};
