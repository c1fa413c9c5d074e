import {
  deleteExpiredUploads,
  endFetches,
  fetchLane,
  fetchRoutes,
  fileLinks,
  mediaErrors,
  mediaRoutes,
} from '../../features/media/index.ts';
import { needsMedia } from '../../features/messages/index.ts';
import { guardedClient } from '../../kit/net/guarded-fetch.ts';
import { every, type Feature, hour, minute } from '../feature.ts';

export const media: Feature = {
  errors: { section: 'Media', table: mediaErrors },
  async routes(server, { process, publicUrl }) {
    const { config, db, clock, closers, foundation } = process.context;
    fetchRoutes(server, { db, clock, wake: process.wake });
    const links = guardedClient({ clock, allowedHosts: () => config.media.allowedHosts });
    closers.push(links.close);
    await mediaRoutes(server, {
      ...process.media.mediaService,
      db,
      links,
      fileLinks: fileLinks(foundation.secretKey, foundation.earlierKeys),
      baseUrl: publicUrl,
      isNeeded: needsMedia,
    });
  },
  async lanes({ context, channels: { channels }, media: { mediaService } }) {
    const { overrides, foundation, engineDb, clock, log, metrics, storageFull } = context;
    // Where all fetches are ours, none of an earlier process is under way.
    if (foundation.alone) await endFetches(engineDb, clock.sqlNow());
    const random = overrides.random ?? Math.random;
    return [fetchLane({ keep: mediaService, log, metrics, channels, random, holdsBack: storageFull })];
  },
  sweeps(process) {
    const { engineDb, clock } = process.context;
    return [
      every(hour, process, () => deleteExpiredUploads(engineDb, clock.sqlNow())),
      every(10 * minute, process, async () => process.media.maintenance.begin()),
    ];
  },
};
