// All checks.
import type { Probes } from '../../features/self-check/index.ts';
import { backupProbe, versionsProbe } from './backups.ts';
import { clockProbe, databaseProbe, gatewaysProbe, wakeupsProbe, workersProbe } from './database.ts';
import { accountsProbe, addressProbe, diskProbe, mailProbe, redisProbe, storageProbe } from './outside.ts';
import type { CheckParts } from './parts.ts';

export { reachRoute } from './reach.ts';
export type { CheckParts };

export const probesOf = (parts: CheckParts): Probes => ({
  database: databaseProbe(parts),
  wakeups: wakeupsProbe(parts),
  redis: redisProbe(parts),
  workers: workersProbe(parts),
  gateways: gatewaysProbe(parts),
  storage: storageProbe(parts),
  disk: diskProbe(parts),
  clock: clockProbe(parts),
  public_address: addressProbe(parts),
  mail: mailProbe(parts),
  backup: backupProbe(parts),
  versions: versionsProbe(parts),
  accounts: accountsProbe(parts),
});
