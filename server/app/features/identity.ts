import { identityRoutes, mergeDueContacts } from '../../features/identity/index.ts';
import type { Feature } from '../feature.ts';

export const identity: Feature = {
  routes(server, { process: { context } }) {
    const { db, engineDb, clock } = context;
    identityRoutes(server, { db, engineDb, clock });
  },
  sweeps: ({ context: { engineDb, clock } }) => [async () => void (await mergeDueContacts(engineDb, clock.sqlNow()))],
};
