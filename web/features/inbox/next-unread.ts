// From one unread conversation to the next.
import type { Conversation } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { conversationsQuery, firstUnread } from '../../data/conversations.ts';
import { toast, toastError } from '../../kit/toasts.ts';
import { useInboxPlace } from './place.ts';
import { filterOf } from './search.ts';

/** A conversation that was answered is marked as read within this time. */
const readMs = 5_000;

/** Opens the unread conversation after this one in the list; behind the last one it begins at the top. */
export function useOpenNextUnread(): (from: string) => Promise<void> {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { search, open } = useInboxPlace();
  return async from => {
    answeredAt.set(from, Date.now());
    const filter = filterOf(search);
    const rows = client.getQueryData(conversationsQuery(filter).queryKey)?.pages.flatMap(page => page.data) ?? [];
    const at = rows.findIndex(({ id }) => id === from);
    const isNext = ({ id, unread_count: count }: Conversation) =>
      count > 0 && Date.now() - (answeredAt.get(id) ?? 0) > readMs;
    try {
      const next =
        [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find(isNext) ?? (await firstUnread(filter, isNext));
      if (next) await open(next.id);
      else toast(t('inbox.noMoreUnread'));
    } catch (error) {
      toastError(error);
    }
  };
}

const answeredAt = new Map<string, number>();
