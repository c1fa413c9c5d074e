import { knownAccounts } from '../../features/accounts/index.ts';
import { replyErrors, savedReplyRoutes } from '../../features/replies/index.ts';
import type { Feature } from '../feature.ts';

export const replies: Feature = {
  errors: { section: 'Saved replies', table: replyErrors },
  routes(server, { process: { context } }) {
    savedReplyRoutes(server, { db: context.db, knownAccounts });
  },
};
