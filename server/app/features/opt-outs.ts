import { optOutErrors, optOutHooks, optOutRoutes } from '../../features/opt-outs/index.ts';
import type { Feature } from '../feature.ts';

export const optOuts: Feature = {
  errors: { section: 'Opt-outs', table: optOutErrors },
  hooks: optOutHooks,
  routes(server, { process: { context, runHook } }) {
    const { db, clock } = context;
    optOutRoutes(server, { db, clock, runHook });
  },
};
