// The link of an account as the page shows it: read once, then kept by events.
import type { Account, Link, RecadoEvent } from '@recado/client';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { recado } from '../../../kit/client.ts';
import { useEvents } from '../../../kit/live.ts';

/** While somebody waits for a code, a lost event must not keep them waiting. */
const lostEventMs = 5_000;

export const linkQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['accounts', accountId, 'link'],
    queryFn: ({ signal }) => recado.links.get(accountId, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'linking' ? lostEventMs : false),
  });

/** Keeps the link up to date: a fresh code and a new state show at once. */
export function useLiveLink(accountId: string): void {
  const client = useQueryClient();
  useEvents(event => {
    if (event.account_id !== accountId) return;
    if (event.type === 'account.link_code_created') {
      const code = event.data;
      const { queryKey } = linkQuery(accountId);
      client.setQueryData(queryKey, (link: Link | undefined) => link && { ...link, code });
      // An answer that is on its way may have an older code: this reads again instead.
      void client.invalidateQueries({ queryKey });
    } else if (event.type === 'account.link_changed')
      void client.invalidateQueries({ queryKey: ['accounts', accountId] });
  });
}

/** How many messages of the phone's history came while the page is open. */
export function useHistoryCount(accountId: string): number {
  const [count, setCount] = useState(0);
  useEvents(({ type, account_id }) => {
    if (type === 'message.imported' && account_id === accountId) setCount(before => before + 1);
  });
  return count;
}

type Silence = RecadoEvent<'account.silence_detected'>;

const dayMs = 86_400_000;

/** The newest silence in the log, which begins with the oldest; null without one. */
async function lastSilence(account_id: string, signal: AbortSignal): Promise<Silence | null> {
  let last: Silence | null = null;
  let after: string | undefined;
  for (let hasMore = true; hasMore; ) {
    const page = await recado.events.list({ types: ['account.silence_detected'], account_id, after }, { signal });
    last = (page.data.at(-1) as Silence | undefined) ?? last;
    after = page.last_id ?? after;
    hasMore = page.has_more;
  }
  return last;
}

/** The last silence of a linked phone, if it is not older than a day. */
export function useSilence({ id, capabilities }: Account): Silence | undefined {
  const { data } = useQuery({
    queryKey: ['accounts', id, 'silence'],
    queryFn: ({ signal }) => lastSilence(id, signal),
    enabled: capabilities.needs_session,
    staleTime: 60_000,
  });
  return data && Date.now() - Date.parse(data.timestamp) < dayMs ? data : undefined;
}
