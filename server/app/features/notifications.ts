import {
  beginNews,
  deleteOldNotifications,
  digestLane,
  newsKey,
  newsLane,
  notificationErrors,
  notificationHandlers,
  notificationRoutes,
  publicPushKey,
  pushLane,
  pushRoutes,
} from '../../features/notifications/index.ts';
import { realClock } from '../../kit/time.ts';
import { every, type Feature, hour, part } from '../feature.ts';
import { openPoster } from './poster.ts';
import { appUrl, mailerOf } from './workspace-parts.ts';

const keptDays = 30;
/** So long events gather before they are read. */
const gatherMs = 250;

export const notifications: Feature = {
  errors: { section: 'Notifications', table: notificationErrors },
  hooks: notificationHandlers,
  routes(server, { process }) {
    const { db, engineDb, clock, config } = process.context;
    notificationRoutes(server, { db, clock, sendsMail: config.smtp !== undefined });
    pushRoutes(server, { db, engineDb, clock, encrypter: process.channels.encrypter, poster: posterOf(process) });
  },
  async lanes(process) {
    const { context, channels, wake } = process;
    const { config, engineDb: db, clock, log, tail, closers } = context;
    if (config.roles.includes('worker')) closers.push(wakeAfterNews(tail.watch, () => wake('news', newsKey)));
    const { encrypter } = channels;
    const contact = () => contactOf(config.publicUrl);
    const mailer = await mailerOf(process);
    const letters = mailer ? [digestLane({ db, clock, mailer, baseUrl: () => appUrl(config) })] : [];
    return [
      newsLane({ db, clock, wake }),
      ...letters,
      pushLane({ db, clock, log, encrypter, poster: posterOf(process), contact }),
    ];
  },
  async sweeps(process) {
    const { engineDb: db, clock } = process.context;
    await beginNews(db);
    await publicPushKey(db, process.channels.encrypter);
    return [every(hour, process, () => deleteOldNotifications(db, new Date(clock.now() - keptDays * 24 * hour)))];
  },
};

/** Push services reach the operator here. They want an address of the web, or none. */
const contactOf = (publicUrl: string | undefined): string | undefined =>
  publicUrl?.startsWith('https:') ? publicUrl : undefined;

/** The client that posts to push services. */
const posterOf = part(openPoster);

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
