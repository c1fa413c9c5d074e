import type { Person } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { updatePerson } from '../../../data/people.ts';
import { useAction } from '../../../kit/use-action.ts';
import { AccountChoice } from '../../accounts/index.ts';

/** Which accounts a person can access. */
export function AccountsDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const [ids, setIds] = useState(person.account_ids);
  const save = useAction({
    ...updatePerson,
    done: t('people.accountsChanged', { name: person.name }),
    onDone: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('people.accountsOf', { name: person.name })}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            kind="primary"
            busy={save.isPending}
            impossible={ids?.length === 0 ? t('people.noAccountChosen') : undefined}
            onClick={() => save.mutate({ id: person.id, account_ids: ids })}
          >
            {t('action.save')}
          </Button>
        </>
      }
    >
      <AccountChoice label={t('people.accounts')} value={ids} onChange={setIds} />
    </Dialog>
  );
}
