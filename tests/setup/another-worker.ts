/** Another process, played by hand, which claims messages and does not finish them. */
import { toUuid } from '../../server/kit/ids.ts';
import type { Scenario } from './scenario.ts';

/**
 * Claims one message of a paused account as another process would, which is then in its call. Returns the token of
 * the call.
 * @throws if there is nothing to claim
 */
export async function claimAsAnother(scenario: Scenario, accountId: string): Promise<string> {
  // First let the scenario's own worker poll and stop: it would claim the message itself once the hold ends.
  await scenario.settle();
  const values = [toUuid(accountId), new Date(scenario.clock.now())];
  await scenario.sql('update lane set held_until = $2 where account_id = $1', values);
  const [claimed] = await scenario.sql<{ token: string }>(
    `select token from claim_messages(array[$1]::uuid[], '{1}', '{sandbox}', 'another', interval '1 minute', 0.5, $2) where token is not null`,
    values,
  );
  if (!claimed) throw new Error('nothing was there to be claimed');
  return claimed.token;
}
