// What can be done with the picked conversations.
import type { CreateConversationJobBody } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { createJob, markManyRead, undoJob } from '../../../data/conversation-jobs.ts';
import { toast, toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { useInboxPlace } from '../place.ts';
import { filterOf } from '../search.ts';
import { usePicked } from './picked.tsx';

export type Wanted = Omit<CreateConversationJobBody, 'conversation_ids' | 'filter'>;

export function useBulk() {
  const { t } = useTranslation();
  const filter = filterOf(useInboxPlace().search);
  const { ids, isAll, clear } = usePicked();
  const create = useChange(createJob);
  const undo = useChange(undoJob);
  const read = useChange(markManyRead);
  const isNothing = !isAll && ids.size === 0;
  return {
    isNothing,
    /** Only of rows that are named: each goes on its own. */
    markRead: isAll
      ? undefined
      : () => {
          if (!isNothing) read([...ids]).then(clear, toastError);
        },
    run(wanted: Wanted) {
      if (isNothing) return;
      const which = isAll ? { filter } : { conversation_ids: [...ids] };
      create({ ...wanted, ...which }).then(job => {
        clear();
        if (job.state === 'running') return toast(t('inbox.bulk.begun', { count: job.total }));
        toast(t(`inbox.bulk.done.${job.action}`, { count: job.done }), 'success', {
          label: t('action.undo'),
          act: () => void undo(job.id).catch(toastError),
        });
      }, toastError);
    },
  };
}
