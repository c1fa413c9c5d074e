import { statfs } from 'node:fs/promises';
import {
  alertErrors,
  alertLane,
  alertRound,
  alertRoutes,
  clockOffset,
  deleteOldAlerts,
  deleteOldDeliveries,
  pingAll,
  roundMs,
  seedNewSignals,
  tellChanges,
} from '../../features/alerts/index.ts';
import { every, type Feature, hour, minute, type Process, part } from '../feature.ts';
import { messageNeedsOf } from './messages.ts';
import { openPoster } from './poster.ts';
import { appUrl, mailerOf } from './workspace-parts.ts';

const keptDays = 90;
const keptDeliveryDays = 30;

export const alerts: Feature = {
  errors: { section: 'Alerts', table: alertErrors },
  routes(server, { process, publicUrl }) {
    const { context, channels, wake } = process;
    const { db, clock, config } = context;
    const hasMail = config.smtp !== undefined;
    const { encrypter } = channels;
    alertRoutes(server, { db, clock, encrypter, poster: posterOf(process), hasMail, wake, publicUrl });
  },
  async lanes(process) {
    const { context, channels, wake } = process;
    const { engineDb: db, clock, config } = context;
    return [
      alertLane({
        db,
        clock,
        encrypter: channels.encrypter,
        poster: posterOf(process),
        mailer: await mailerOf(process),
        accept: (...asked) => messageNeedsOf(process).accepting.accept(...asked),
        wake: channelId => wake('alert', channelId),
        baseUrl: () => appUrl(config),
      }),
    ];
  },
  sweeps(process) {
    const { context, channels } = process;
    const { engineDb: db, clock } = context;
    const round = { db, clock, measure: measureIn(process) };
    const pinging = { db, clock, encrypter: channels.encrypter, poster: posterOf(process) };
    const ago = (days: number) => new Date(clock.now() - days * 24 * hour);
    return [
      // At the start, and for workspaces that a process of the former release makes beside this one.
      every(hour, process, () => seedNewSignals(db)),
      every(roundMs, process, () => alertRound(round, tellChanges)),
      every(minute, process, async () => pingLater(process, () => pingAll(pinging))),
      every(hour, process, () => deleteOldAlerts(db, ago(keptDays))),
      every(hour, process, () => deleteOldDeliveries(db, ago(keptDeliveryDays))),
    ];
  },
};

/** A slow answer must not keep the sweep. */
function pingLater({ context: { log } }: Process, work: () => Promise<void>): void {
  void work().catch(error => log.warn({ err: error }, 'the call that shows that Recado lives failed'));
}

/** The client that posts to channels. */
const posterOf = part(openPoster);

/** Measures what only the process knows: its disk, and its clock beside that of the database. */
const measureIn =
  ({ context: { config, engineDb } }: Process) =>
  async () => {
    const { blocks, bavail } = await statfs(config.dataDir);
    return { disk: blocks === 0 ? 0 : 100 * (1 - bavail / blocks), clock: await clockOffset(engineDb) };
  };
