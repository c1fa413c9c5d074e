// What of a conversation the writer has seen: the server refuses a reply where others of us have written since.
import type { Came } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { newestKnown } from '../../../data/notes.ts';

/** Returns the newest of what is shown, and of what the server told (`came`). */
export function useLastSeen(conversationId: string): (came?: readonly Came[]) => { last_seen_id?: string } {
  const client = useQueryClient();
  return useCallback(
    came => {
      const { message, note } = newestKnown(client, conversationId);
      const told = came?.at(-1);
      const [newest] = [message, note, told && { id: told.id, created_at: told.at }]
        .filter(each => each !== undefined)
        .sort((one, other) => (one.created_at > other.created_at ? -1 : 1));
      return newest ? { last_seen_id: newest.id } : {};
    },
    [client, conversationId],
  );
}
