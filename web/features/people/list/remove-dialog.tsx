import type { Person } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { removePerson } from '../../../data/people.ts';
import { useAction } from '../../../kit/use-action.ts';

export function RemoveDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useAction({
    ...removePerson,
    done: t('people.removed', { name: person.name }),
    onDone: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('people.removeTitle', { name: person.name })}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('people.keep')}
          </Button>
          <Button kind="danger-solid" busy={remove.isPending} onClick={() => remove.mutate(person.id)}>
            {t('people.remove')}
          </Button>
        </>
      }
    >
      <p>{t('people.removeWords')}</p>
    </Dialog>
  );
}
