import { countRoute, savedViewRoutes, viewErrors } from '../../features/views/index.ts';
import type { Feature } from '../feature.ts';

export const views: Feature = {
  errors: { section: 'Saved views', table: viewErrors },
  routes(server, { process: { context } }) {
    const { db, clock } = context;
    countRoute(server, { db, clock });
    savedViewRoutes(server, { db });
  },
};
