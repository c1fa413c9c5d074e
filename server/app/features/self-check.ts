import { selfCheckRoutes } from '../../features/self-check/index.ts';
import type { Feature } from '../feature.ts';
import { probesOf, reachRoute } from '../self-check/index.ts';
import { openPoster } from './poster.ts';
import { mailerOf } from './workspace-parts.ts';

export const selfCheck: Feature = {
  routes(server, { process, later }) {
    const { context, channels, media } = process;
    const { config, db, engineDb, foundation, clock } = context;
    const poster = openPoster(process);
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
