// Which accounts a person can access, and which conversations they read.
import type { Person } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { updatePerson } from '../../../data/people.ts';
import { useAction } from '../../../kit/use-action.ts';
import { AccountChoice } from '../../accounts/index.ts';
import { ConversationsChoice } from './conversations-choice.tsx';

export function AccessDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const [ids, setIds] = useState(person.account_ids);
  const [conversations, setConversations] = useState(person.conversations);
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
            onClick={() => save.mutate({ id: person.id, account_ids: ids, conversations })}
          >
            {t('action.save')}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        <AccountChoice label={t('people.accounts')} value={ids} onChange={setIds} />
        <ConversationsChoice value={conversations} onChange={setConversations} />
      </div>
    </Dialog>
  );
}
