// Removes the demo data, where there is some.

import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { deleteDemo, demoQuery } from '../../data/demo.ts';
import { useMay } from '../../data/me.ts';
import { useAction } from '../../kit/use-action.ts';

/** Offered to who may delete the account and erase its people. */
export function RemoveDemoButton() {
  const { t } = useTranslation();
  const mayManage = useMay('accounts.manage');
  const may = useMay('contacts.erase') && mayManage;
  const demo = useQuery({ ...demoQuery, enabled: may });
  const remove = useAction({
    ...deleteDemo,
    done: t('firstRun.demo.removed'),
  });
  if (!may || !demo.data?.account_id) return null;
  return (
    <Button kind="danger" icon={Trash2} busy={remove.isPending} onClick={() => remove.mutate()}>
      {t('firstRun.demo.remove')}
    </Button>
  );
}
