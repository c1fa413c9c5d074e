import { optOutErrors, optOutFeatureRoutes, optOutHooks, optOutLinks } from '../../features/opt-outs/index.ts';
import type { Feature } from '../feature.ts';

export const optOuts: Feature = {
  errors: { section: 'Opt-outs', table: optOutErrors },
  hooks: optOutHooks,
  routes(server, { process: { context }, publicUrl }) {
    const { db, clock, foundation } = context;
    const links = optOutLinks(foundation.secretKey, foundation.earlierKeys);
    optOutFeatureRoutes(server, { db, clock, links, publicUrl });
  },
};
