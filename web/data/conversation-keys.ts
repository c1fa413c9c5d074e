import type { ListFilter } from './conversations-cache.ts';

/** The keys of what is read of conversations. */
export const conversationKeys = {
  all: ['conversations'] as const,
  /** The lists of all filters. */
  lists: ['conversations', 'list'] as const,
  list: (filter: ListFilter) => ['conversations', 'list', filter] as const,
  /** The counts of all accounts. */
  counts: ['conversations', 'counts'] as const,
  count: (account: string | undefined) => ['conversations', 'counts', account ?? 'all'] as const,
  countOf: (filter: ListFilter) => ['conversations', 'counts', 'of', filter] as const,
  one: (id: string) => ['conversations', 'one', id] as const,
  /** The changes of its state. */
  changes: (id: string) => ['conversations', 'changes', id] as const,
  /** Within its changes, as they become old together. */
  episodes: (id: string, wait: string | null) => ['conversations', 'changes', id, 'episodes', wait] as const,
  followers: (id: string) => ['conversations', 'followers', id] as const,
  found: (search: string) => ['conversations', 'found', search] as const,
  of: (contactId: string) => ['conversations', 'of', contactId] as const,
};
