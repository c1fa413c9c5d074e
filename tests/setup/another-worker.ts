/** Another process, played by hand: what it has claimed and does not end. */
import { toUuid } from '../../server/kit/ids.ts';
import type { Story } from './scenario.ts';

/**
 * Claims one message of a paused account as another process would, which from then on is at its call. Gives the token of
 * the call. Throws where nothing is there to be claimed.
 */
export async function claimAsAnother(story: Story, accountId: string): Promise<string> {
  // Until the story's own worker has looked and gone: it would claim the message itself once the hold is lifted.
  await story.settle();
  const values = [toUuid(accountId), new Date(story.clock.now())];
  await story.sql('update lane set held_until = $2 where account_id = $1', values);
  const [claimed] = await story.sql<{ token: string }>(
    `select token from claim_messages(array[$1]::uuid[], '{1}', '{sandbox}', 'another', interval '1 minute', 0.5, $2) where token is not null`,
    values,
  );
  if (!claimed) throw new Error('nothing was there to be claimed');
  return claimed.token;
}
