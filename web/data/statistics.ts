// How far the messages of one conversation or one person have got.
import type { RecadoEvent } from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';

type Of = { conversation_id: string } | { contact_id: string };

const idOf = (of: Of): string => ('contact_id' in of ? of.contact_id : of.conversation_id);
const sentKey = (id: string) => ['sent', id] as const;

const days = 90;
const dayMs = 86_400_000;

/** The messages of the last 90 days by status. */
export const sentQuery = (of: Of) =>
  queryOptions({
    queryKey: sentKey(idOf(of)),
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - days * dayMs).toISOString();
      return recado.messages.statistics({ ...of, from }, { signal });
    },
  });

/** A message changes the figures of its conversation and its person. */
export const staleSent = ({ data }: RecadoEvent): QueryKey[] =>
  'message' in data ? [sentKey(data.message.conversation_id), sentKey(data.message.contact_id)] : [];
