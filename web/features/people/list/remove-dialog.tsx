import type { Person } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
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
    <ConfirmDialog
      title={t('people.removeTitle', { name: person.name })}
      keep={t('people.keep')}
      confirm={t('people.remove')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(person.id)}
      onClose={onClose}
    >
      <p>{t('people.removeWords')}</p>
    </ConfirmDialog>
  );
}
