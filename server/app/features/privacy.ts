import { messageRetention, privacyErrors, privacyRoutes, retentionRoutes } from '../../features/privacy/index.ts';
import { every, type Feature, hour } from '../feature.ts';

export const privacy: Feature = {
  errors: { section: 'Privacy', table: privacyErrors },
  routes(server, { process: { context, channels, runHook } }) {
    const { db, engineDb, clock, overrides } = context;
    const apps = channels.apps.configured;
    retentionRoutes(server, { db, clock });
    privacyRoutes(server, { db, engineDb, clock, apps, budgetMs: overrides.eraseMs, runHook });
  },
  sweeps(process) {
    const { engineDb, clock, log, metrics, storageFull } = process.context;
    const deleteExpired = messageRetention(engineDb, process.channels.apps.configured, clock, log);
    let behindSince: number | undefined;
    return [
      every(hour, process, async () => {
        if (storageFull()) return false;
        const hasMore = await deleteExpired();
        behindSince = hasMore ? (behindSince ?? clock.now()) : undefined;
        metrics.retentionBehind.set(behindSince === undefined ? 0 : (clock.now() - behindSince) / 1_000);
        return hasMore;
      }),
    ];
  },
};
