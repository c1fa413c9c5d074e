// Whether there is demo data, and what somebody may do with it.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { createDemo, demoQuery } from '../../data/demo.ts';
import { useMay, useMe } from '../../data/me.ts';
import { endWelcome } from '../../data/welcome.ts';
import { useAction } from '../../kit/use-action.ts';

/** Filling leads to the inbox. Removing needs the right to delete the account and to erase its people. */
export function useDemo() {
  const { t } = useTranslation();
  const { workspace } = useMe();
  const navigate = useNavigate();
  const mayManage = useMay('accounts.manage');
  const mayErase = useMay('contacts.erase');
  const account = useQuery({ ...demoQuery, enabled: mayManage }).data?.account_id;
  const filling = useAction({
    ...createDemo,
    done: t('firstRun.demo.filling'),
    onDone: () => {
      endWelcome(workspace.id);
      void navigate({ to: '/inbox' });
    },
  });
  return {
    canFill: mayManage && account === null,
    canRemove: mayManage && mayErase && typeof account === 'string',
    fill: () => filling.mutate(),
    isFilling: filling.isPending,
  };
}
