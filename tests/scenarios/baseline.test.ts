// What Recado is measured against works: each message that it accepts reaches the channel once.
import { expect, test } from 'vitest';
import { openEnvironment, sending } from '../../bench/environment.ts';
import { drive } from '../../bench/load.ts';
import { until } from '../faults/processes.ts';
import { redisProgram } from '../setup/redis.ts';

test.skipIf(!redisProgram)('the baseline of the bench delivers each message once', async () => {
  const environment = await openEnvironment();
  try {
    const baseline = await environment.startBaseline({ name: 'baseline', accounts: 2, roles: ['api', 'worker'] });
    const request = sending(baseline, '/messages', await baseline.token(), 'smoke');
    const load = { url: baseline.url, connections: 5, seconds: 1, request, first: 0, status: 202 };
    const { count } = await drive(load);
    await until('every message is sent', 30, async () => {
      const rows = await baseline.sql(`select 1 from message where status = 'sent' and channel_message_id is not null`);
      return rows.length === count;
    });
    expect(await environment.stub.count()).toMatchObject({ count, duplicated: 0 });
  } finally {
    await environment.close();
  }
});
