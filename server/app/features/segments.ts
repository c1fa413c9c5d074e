import { segmentErrors, segmentRoutes } from '../../features/segments/index.ts';
import type { Feature } from '../feature.ts';

export const segments: Feature = {
  errors: { section: 'Segments', table: segmentErrors },
  routes(server, { process: { context } }) {
    segmentRoutes(server, { db: context.db, clock: context.clock });
  },
};
