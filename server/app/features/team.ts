import {
  assignRoute,
  autoClose,
  availabilityRoutes,
  endSnoozes,
  followRoutes,
  giveOut,
  stateRoutes,
  sweepTeams,
  teamErrors,
  teamHandlers,
  teamRoutes,
  workRoutes,
} from '../../features/team/index.ts';
import { every, type Feature, minute } from '../feature.ts';

export const team: Feature = {
  errors: { section: 'Teams', table: teamErrors },
  hooks: teamHandlers,
  sweeps(process) {
    const { engineDb, clock } = process.context;
    return [
      () => endSnoozes(engineDb, clock.sqlNow),
      () => sweepTeams(engineDb, clock.sqlNow),
      every(10 * minute, process, () => autoClose(engineDb, clock.sqlNow)),
    ];
  },
  routes(server, { process: { context, runHook }, later }) {
    const { db, engineDb, clock } = context;
    const needs = {
      db,
      clock,
      giveOut: (workspaceId: string) => later.run(() => giveOut(engineDb, clock.sqlNow, workspaceId)),
    };
    stateRoutes(server, needs);
    assignRoute(server, { ...needs, runHook });
    teamRoutes(server, needs);
    availabilityRoutes(server, needs);
    workRoutes(server, { db });
    followRoutes(server, { db, clock });
  },
};
