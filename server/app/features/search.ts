import { keepTexts, searchErrors, searchRoutes, searchSettingRoutes } from '../../features/search/index.ts';
import type { Feature } from '../feature.ts';

export const search: Feature = {
  errors: { section: 'Search', table: searchErrors },
  routes(server, { process: { context } }) {
    const { db, clock } = context;
    searchSettingRoutes(server, { db, clock });
    searchRoutes(server, { db });
  },
  sweeps: ({ context: { engineDb, clock, storageFull } }) => {
    const keep = keepTexts(engineDb, clock.sqlNow);
    // What only helps to search waits for room on the disk.
    return [async () => (storageFull() ? undefined : keep())];
  },
};
