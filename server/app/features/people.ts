import { knownAccounts } from '../../features/accounts/index.ts';
import { deleteExpiredInvitations, peopleErrors, peopleFeatureRoutes } from '../../features/people/index.ts';
import { every, type Feature, hour } from '../feature.ts';
import { mailerOf, seedWorkspaceOf } from './workspace-parts.ts';

const keptDays = 90;

export const people: Feature = {
  errors: { section: 'People', table: peopleErrors },
  async routes(server, { process, logIn, cookies, publicUrl }) {
    const { db, engineDb, clock } = process.context;
    peopleFeatureRoutes(server, {
      db,
      engineDb,
      clock,
      logIn,
      cookies,
      mailer: await mailerOf(process),
      publicUrl,
      knownAccounts,
      seedWorkspace: seedWorkspaceOf(process),
    });
  },
  sweeps: process => [
    every(hour, process, () => {
      const { engineDb, clock } = process.context;
      return deleteExpiredInvitations(engineDb, new Date(clock.now() - keptDays * 24 * hour));
    }),
  ],
};
