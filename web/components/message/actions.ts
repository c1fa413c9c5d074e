// What can be done with one message.
import type { Message } from '@recado/client';
import { Ban, CircleHelp, type LucideIcon, RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BulkAction } from '../../data/bulk.ts';
import { useMay } from '../../data/me.ts';
import { retryMessage } from '../../data/messages.ts';
import { useAction } from '../../kit/use-action.ts';

export const actionIcons: Record<BulkAction, LucideIcon> = { retry: RotateCcw, cancel: Ban, resolve: CircleHelp };

/** What may be done with a message in its state. */
export function useActionsOf(): (message: Message) => BulkAction[] {
  const mayCreate = useMay('messages.create');
  const mayUpdate = useMay('messages.update');
  return ({ status, error, direction }) => {
    if (direction !== 'outbound') return [];
    const isUnknown = status === 'unknown' || error?.code === 'unknown_outcome';
    if (isUnknown) return mayUpdate ? ['resolve'] : [];
    if (status === 'failed') return mayCreate ? ['retry'] : [];
    return (status === 'queued' || status === 'scheduled') && mayUpdate ? ['cancel'] : [];
  };
}

/** Sends one failed message again. */
export function useRetry() {
  const { t } = useTranslation();
  return useAction({
    ...retryMessage,
    done: t('queue.done.retry', { count: 1 }),
  });
}
