import {
  beginNews,
  deleteOldNotifications,
  newsKey,
  newsLane,
  notificationHandlers,
  notificationRoutes,
} from '../../features/notifications/index.ts';
import { realClock } from '../../kit/time.ts';
import { every, type Feature, hour } from '../feature.ts';

const keptDays = 30;
/** So long events gather before they are read. */
const gatherMs = 250;

export const notifications: Feature = {
  hooks: notificationHandlers,
  routes(server, { process: { context } }) {
    notificationRoutes(server, { db: context.db, clock: context.clock });
  },
  lanes({ context: { config, engineDb: db, clock, tail, closers }, wake }) {
    if (config.roles.includes('worker')) closers.push(wakeAfterNews(tail.watch, () => wake('news', newsKey)));
    return [newsLane({ db, clock, wake })];
  },
  async sweeps(process) {
    const { engineDb: db, clock } = process.context;
    await beginNews(db);
    return [every(hour, process, () => deleteOldNotifications(db, new Date(clock.now() - keptDays * 24 * hour)))];
  },
};

/** Wakes a moment after events came, for all that came until then. Returns how to end it. */
function wakeAfterNews(watch: (onNews: () => void) => () => void, wake: () => void): () => Promise<void> {
  let cancel: (() => void) | undefined;
  const end = watch(() => {
    cancel ??= realClock.after(gatherMs, () => {
      cancel = undefined;
      wake();
    });
  });
  return async () => {
    end();
    cancel?.();
  };
}
