// The inbox as it happens.
import type { QueryClient } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { recado } from '../kit/client.ts';
import { useEvents } from '../kit/live.ts';
import { type Follower, followConversations } from './conversations-follower.ts';
import { changeOf } from './recent.ts';
import { recentChanges, takeChanges } from './thread.ts';

/** Keeps conversations and their threads up to date while the inbox is there. */
export function useLiveConversations(): void {
  const client = useQueryClient();
  const live = useRef<Follower>(undefined);
  live.current ??= begin(client);
  useEvents(event => {
    const change = changeOf(event);
    if (change) recentChanges.note(change);
    live.current?.take(event);
  });
  useEffect(() => () => live.current?.stop(), []);
}

const begin = (client: QueryClient): Follower =>
  followConversations({
    client,
    read: id => recado.conversations.get(id),
    onChanges: (id, changes) => takeChanges(client, id, changes),
    inFrame: act => {
      const frame = requestAnimationFrame(act);
      return () => cancelAnimationFrame(frame);
    },
  });
