import { knownAccounts } from '../../features/accounts/index.ts';
import { keyErrors, keyRoutes } from '../../features/keys/index.ts';
import { holdMember } from '../../features/people/index.ts';
import type { Feature } from '../feature.ts';

export const keys: Feature = {
  errors: { section: 'API keys', table: keyErrors },
  routes(server, { process: { context }, logIn: { encrypter } }) {
    const { db, clock } = context;
    keyRoutes(server, { db, clock, encrypter, knownAccounts, holdMember });
  },
};
