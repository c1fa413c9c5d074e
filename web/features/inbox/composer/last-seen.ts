// The newest of a conversation that the writer had seen as a reply was begun: the server refuses the reply where others
// of us have written since. Somebody who writes may overlook a message that comes, so it does not count as seen.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { newestKnown, notesQuery } from '../../../data/notes.ts';
import { threadQuery } from '../../../data/thread.ts';
import { type Draft, useWriteDraft } from './draft.ts';

/** Remembers the newest message or note as a reply `isBegun`, with its draft if it has a text; returns it at the end. */
export function useLastSeen(conversationId: string, isBegun: boolean, draft?: Draft): () => { last_seen_id?: string } {
  const client = useQueryClient();
  const writeDraft = useWriteDraft();
  const newest = useCallback(() => newestKnown(client, conversationId), [client, conversationId]);
  const reads = [useQuery(threadQuery(conversationId)), useQuery(notesQuery(conversationId))];
  const isRead = reads.every(({ isSuccess }) => isSuccess);
  const [begun, setBegun] = useState<string>();
  useEffect(() => {
    if (!isBegun) setBegun(undefined);
    else if (isRead) setBegun(known => known ?? newest());
  }, [isBegun, isRead, newest]);
  useEffect(() => {
    if (!draft) return;
    const seen = draft.text === '' ? undefined : (draft.seen ?? begun);
    if (seen !== draft.seen) writeDraft(conversationId, { ...draft, seen });
  }, [conversationId, draft, begun, writeDraft]);
  return () => {
    // A writer who saw the notice has read the new messages. A reply by one press begins then.
    const id = draft?.came?.at(-1)?.id ?? draft?.seen ?? begun ?? newest();
    return id === undefined ? {} : { last_seen_id: id };
  };
}
