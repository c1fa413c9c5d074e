// The link of an account to a phone: read once, then kept by events.
import type { Account, Link, RecadoEvent, StartLinkBody } from '@recado/client';
import { type QueryClient, type QueryKey, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { recado } from '../kit/client.ts';
import { useEvents } from '../kit/live.ts';
import { change } from '../kit/use-action.ts';
import { accountKeys } from './accounts.ts';

/** While somebody waits for a code, a lost event must not keep them waiting. */
const lostEventMs = 5_000;

/** A new state of the link shows at once, with all of its account. */
export const staleLinks = ({ type, account_id }: RecadoEvent): QueryKey[] =>
  type === 'account.link_changed' && account_id !== null ? [accountKeys.one(account_id)] : [];

export const linkQuery = (accountId: string) =>
  queryOptions({
    queryKey: accountKeys.link(accountId),
    queryFn: ({ signal }) => recado.links.get(accountId, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'linking' ? lostEventMs : false),
  });

/** Shows a fresh code at once. */
export function useLiveCode(accountId: string): void {
  const client = useQueryClient();
  useEvents(event => {
    if (event.account_id !== accountId || event.type !== 'account.link_code_created') return;
    const code = event.data;
    const { queryKey } = linkQuery(accountId);
    client.setQueryData(queryKey, (link: Link | undefined) => link && { ...link, code });
    // An answer that is on its way may have an older code: this reads again instead.
    void client.invalidateQueries({ queryKey });
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

/** Asks for a code. */
export const startLink = ({ id, ...body }: StartLinkBody & { id: string }): Promise<Link> =>
  recado.links.start(id, body);

/** Shows the answer of `startLink`. */
export const showLink = (client: QueryClient, id: string, link: Link): void => {
  client.setQueryData(linkQuery(id).queryKey, link);
};

export const endLink = change(
  (id: string) => recado.links.end(id),
  () => [accountKeys.all],
);

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
    queryKey: accountKeys.silence(id),
    queryFn: ({ signal }) => lastSilence(id, signal),
    enabled: capabilities.needs_session,
    staleTime: 60_000,
  });
  return data && Date.now() - Date.parse(data.timestamp) < dayMs ? data : undefined;
}
