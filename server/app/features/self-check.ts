import { selfCheckRoutes } from '../../features/self-check/index.ts';
import { guardedPoster } from '../../kit/net/guarded-post.ts';
import type { Feature } from '../feature.ts';
import { probesOf, reachRoute } from '../self-check/index.ts';
import { mailerOf } from './workspace-parts.ts';

export const selfCheck: Feature = {
  routes(server, { process, later }) {
    const { context, channels, media } = process;
    const { config, overrides, db, engineDb, foundation, clock, closers } = context;
    const poster = guardedPoster({
      clock,
      allowedHosts: () => config.webhookHosts,
      ...(overrides.lookUp && { resolve: overrides.lookUp }),
    });
    closers.push(poster.close);
    const { connection, secretKey } = foundation;
    const { encrypter, business } = channels;
    const probes = probesOf({
      ...{ config, clock, db: engineDb, connection, secretKey, poster },
      stores: async () => media.mediaService.stores,
      mailer: async () => mailerOf(process),
      accounts: { engineDb, encrypter, business, publicUrl: config.publicUrl },
    });
    selfCheckRoutes(server, { db, engineDb, clock, probes, later });
    reachRoute(server, secretKey);
  },
};
