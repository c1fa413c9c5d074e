import type { ContactField, Label } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { deleteField } from '../../../data/contact-fields.ts';
import { deleteLabel } from '../../../data/labels.ts';
import { useAction } from '../../../kit/use-action.ts';

export function DeleteFieldDialog({ field, onClose }: { field: ContactField; onClose: () => void }) {
  const { t } = useTranslation();
  const { name } = field;
  const remove = useAction({ ...deleteField, done: t('fields.deleted', { name }), onDone: onClose });
  return (
    <ConfirmDialog
      title={t('fields.deleteTitle', { name })}
      keep={t('action.cancel')}
      confirm={t('fields.delete')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(field.id)}
      onClose={onClose}
    >
      <p>{t('fields.deleteWords')}</p>
    </ConfirmDialog>
  );
}

export function DeleteLabelDialog({ label, onClose }: { label: Label; onClose: () => void }) {
  const { t } = useTranslation();
  const { name } = label;
  const remove = useAction({ ...deleteLabel, done: t('labels.deleted', { name }), onDone: onClose });
  return (
    <ConfirmDialog
      title={t('labels.deleteTitle', { name })}
      keep={t('action.cancel')}
      confirm={t('labels.delete')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(label.id)}
      onClose={onClose}
    >
      <p>{t('labels.deleteWords')}</p>
    </ConfirmDialog>
  );
}
