// Which accounts a person can access, which conversations they read, and whether they see numbers.
import type { Person } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { NumbersChoice } from '../../../components/numbers-choice.tsx';
import { updatePerson } from '../../../data/people.ts';
import { useAction } from '../../../kit/use-action.ts';
import { AccountChoice } from '../../accounts/index.ts';
import { ConversationsChoice } from './conversations-choice.tsx';

export function AccessDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const [ids, setIds] = useState(person.account_ids);
  const [conversations, setConversations] = useState(person.conversations);
  const [seesNumbers, setSeesNumbers] = useState(person.sees_numbers);
  const save = useAction({
    ...updatePerson,
    done: t('people.accessChanged', { name: person.name }),
    onDone: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('people.accessOf', { name: person.name })}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            kind="primary"
            busy={save.isPending}
            impossible={ids?.length === 0 ? t('people.noAccountChosen') : undefined}
            onClick={() => save.mutate({ id: person.id, account_ids: ids, conversations, sees_numbers: seesNumbers })}
          >
            {t('action.save')}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        <AccountChoice label={t('people.accounts')} value={ids} onChange={setIds} />
        <ConversationsChoice value={conversations} onChange={setConversations} />
        <NumbersChoice value={seesNumbers} onChange={setSeesNumbers} />
      </div>
    </Dialog>
  );
}
