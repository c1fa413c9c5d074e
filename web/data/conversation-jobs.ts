// Changing many conversations at once: the jobs of the person, and how they are stopped and undone.
import type { ConversationJob, CreateConversationJobBody } from '@recado/client';
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { conversationKeys } from './conversation-keys.ts';
import { markAllRead } from './conversations.ts';

const key = ['conversation jobs'] as const;
const pollMs = 1_000;
const mostShown = 5;

const isUnderWay = ({ state }: ConversationJob) => state === 'running' || state === 'undoing';

/** The newest jobs of the person. */
export const jobsQuery = queryOptions({
  queryKey: key,
  queryFn: async ({ signal }) => (await recado.conversationJobs.list({ limit: mostShown }, { signal }).page()).data,
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? pollMs : false),
});

const changed = () => [key, conversationKeys.all];

export const createJob = change((body: CreateConversationJobBody) => recado.conversationJobs.create(body), changed);
export const stopJob = change((id: string) => recado.conversationJobs.stop(id), changed);
export const undoJob = change((id: string) => recado.conversationJobs.undo(id), changed);

/** Marks conversations as read, one after the other. */
export const markManyRead = change(
  async (ids: readonly string[]) => {
    for (const id of ids) await markAllRead(id);
  },
  () => [conversationKeys.all],
);
