// The checks of a command, which has no running program around it.
import { metaBusiness, openAgent } from '../../adapters/channels/whatsapp-cloud/index.ts';
import { smtpMailer } from '../../adapters/mail/index.ts';
import type { Probes } from '../../features/self-check/index.ts';
import { encrypter } from '../../kit/crypto/encryption.ts';
import { openDatabase } from '../../kit/db/database.ts';
import { openLog } from '../../kit/log.ts';
import { guardedPoster } from '../../kit/net/guarded-post.ts';
import { realClock as clock } from '../../kit/time.ts';
import type { Config } from '../config/config.ts';
import type { Foundation } from '../database/open.ts';
import { type OpenedStores, openStores } from '../storage.ts';
import { version } from '../version.ts';
import { probesOf } from './index.ts';

const deadlineMs = 15_000;

/** Opens what the checks need. */
export function openChecks(config: Config, foundation: Foundation): { probes: Probes; close: () => Promise<void> } {
  const { connection, secretKey, earlierKeys } = foundation;
  const log = openLog('silent');
  const db = openDatabase({ connection, role: 'recado_engine', name: 'recado check', max: 4 }, log);
  const agent = openAgent();
  const baseUrl = `${config.graph.url}/${config.graph.version}`;
  const business = metaBusiness({ userAgent: `recado/${version}`, deadlineMs, baseUrl: () => baseUrl, agent });
  const poster = guardedPoster({ clock, allowedHosts: () => config.webhookHosts });
  const { smtp, publicUrl } = config;
  let stores: OpenedStores | undefined;
  const probes = probesOf({
    ...{ config, clock, db, connection, secretKey, poster },
    async stores() {
      stores ??= await openStores(config);
      return stores;
    },
    mailer: async () => smtp && smtpMailer(smtp, log),
    accounts: { engineDb: db, encrypter: encrypter(secretKey, earlierKeys), business, publicUrl },
  });
  const close = async () => {
    await Promise.all([stores?.close(), poster.close(), agent.destroy()]);
    await db.close();
  };
  return { probes, close };
}
