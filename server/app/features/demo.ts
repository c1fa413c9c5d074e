import { demoErrors, demoRoutes } from '../../features/demo/index.ts';
import { backgroundTasks } from '../../kit/async/background-tasks.ts';
import { graceMs } from '../context.ts';
import type { Feature } from '../feature.ts';
import { localUrl } from '../http/listen.ts';
import { simulatorOf } from './sandbox.ts';

export const demo: Feature = {
  errors: { section: 'Demo data', table: demoErrors },
  routes(server, { process }) {
    const { config, db, engineDb, clock, log, closers } = process.context;
    const tasks = backgroundTasks(log, clock);
    closers.push(() => tasks.settled(graceMs));
    demoRoutes(server, {
      db,
      engineDb,
      clock,
      simulator: simulatorOf(process),
      backgroundTasks: tasks,
      localUrl: () => localUrl(server, config.host),
    });
  },
};
