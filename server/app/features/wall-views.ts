import { knownAccounts } from '../../features/accounts/index.ts';
import { wallViewErrors, wallViewRoutes } from '../../features/wall-views/index.ts';
import type { Feature } from '../feature.ts';

export const wallViews: Feature = {
  errors: { section: 'Wall views', table: wallViewErrors },
  routes(server, { process: { context }, logIn: { encrypter }, publicUrl }) {
    const { db, engineDb, clock, storageFull } = context;
    wallViewRoutes(server, { db, engineDb, clock, storageFull, encrypter, knownAccounts, publicUrl });
  },
};
