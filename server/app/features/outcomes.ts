import { isAnyAlive } from '../../engine/worker-store.ts';
import { bulkRoutes, prolongGracePeriods, queueRoutes, reportStuck } from '../../features/outcomes/index.ts';
import { every, type Feature, minute } from '../feature.ts';
import { messageNeedsOf } from './messages.ts';

export const outcomes: Feature = {
  routes(server, { process }) {
    const needs = { ...messageNeedsOf(process), runHook: process.runHook };
    queueRoutes(server, needs);
    bulkRoutes(server, needs);
  },
  async sweeps(process) {
    const { engineDb, clock, foundation } = process.context;
    // Perhaps no process could take receipts for a while. The channel then posts them again.
    if (foundation.alone || !(await isAnyAlive(engineDb))) await prolongGracePeriods(engineDb, clock.sqlNow());
    return [every(minute, process, () => reportStuck(engineDb, clock.sqlNow()))];
  },
};
