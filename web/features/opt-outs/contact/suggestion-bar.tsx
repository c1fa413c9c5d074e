// Above the composer: a message may mean an opt-out, and a person decides.
import type { Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { BellOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { useMayEverywhere } from '../../../data/me.ts';
import { dismissSuggestion, optOut, suggestionQuery } from '../../../data/opt-outs.ts';
import { useAction } from '../../../kit/use-action.ts';

/** `name`: the name of the person. */
export function SuggestionBar({ conversation, name }: { conversation: Conversation; name: string }) {
  const { t } = useTranslation();
  const may = useMayEverywhere('opt_outs.manage');
  const { data: suggestion, refetch } = useQuery({ ...suggestionQuery(conversation.id), enabled: may });
  const take = useAction({ ...optOut, done: t('optOutAct.doneMarketing', { name }) });
  const dismiss = useAction(dismissSuggestion);
  // It may fail because a colleague was faster.
  const onSettled = () => void refetch();
  if (!may || !suggestion) return null;
  const { id, contact_id: contactId, phrase } = suggestion;
  const isBusy = take.isPending || dismiss.isPending;
  const optThemOut = () =>
    take.mutate(
      {
        contactId,
        suggestion_id: id,
        category: 'marketing',
        reason: t('optOutAct.suggestionReason', { phrase }),
      },
      { onSettled },
    );
  return (
    <div role="status" className="flex flex-none flex-wrap items-center gap-2 px-2 pb-2 md:px-4">
      <p className="flex min-w-0 flex-1 basis-60 gap-2 text-13">
        <BellOff size={16} strokeWidth={1.75} className="mt-0.5 flex-none text-warning" aria-hidden="true" />
        <span>{t('optOutAct.suggestion', { phrase, name })}</span>
      </p>
      <Button kind="line" size="small" busy={take.isPending} onClick={() => !isBusy && optThemOut()}>
        {t('optOutAct.suggestionTake')}
      </Button>
      <Button size="small" busy={dismiss.isPending} onClick={() => !isBusy && dismiss.mutate(id, { onSettled })}>
        {t('optOutAct.suggestionDismiss')}
      </Button>
    </div>
  );
}
