import {
  assignRoute,
  availabilityRoutes,
  endSnoozes,
  giveOut,
  stateRoutes,
  sweepTeams,
  teamErrors,
  teamHandlers,
  teamRoutes,
  workRoutes,
} from '../../features/team/index.ts';
import type { Feature } from '../feature.ts';

export const team: Feature = {
  errors: { section: 'Teams', table: teamErrors },
  hooks: teamHandlers,
  sweeps: ({ context: { engineDb, clock } }) => [
    () => endSnoozes(engineDb, clock.sqlNow),
    () => sweepTeams(engineDb, clock.sqlNow),
  ],
  routes(server, { process: { context }, later }) {
    const { db, engineDb, clock } = context;
    const needs = {
      db,
      clock,
      giveOut: (workspaceId: string) => later.run(() => giveOut(engineDb, clock.sqlNow, workspaceId)),
    };
    stateRoutes(server, needs);
    assignRoute(server, needs);
    teamRoutes(server, needs);
    availabilityRoutes(server, needs);
    workRoutes(server, { db });
  },
};
