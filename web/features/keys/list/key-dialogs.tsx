// Renaming and revoking a key.

import type { ApiKey } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { revokeKey, updateKey } from '../../../data/keys.ts';
import { useForm } from '../../../kit/form.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';

interface Props {
  apiKey: ApiKey;
  onClose: () => void;
}

export function RenameKeyDialog({ apiKey, onClose }: Props) {
  const { t } = useTranslation();
  const update = useChange(updateKey);
  const { form, input, errors, busy } = useForm({
    start: { name: apiKey.name },
    check: ({ name }) => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send({ name }) {
      await update({ id: apiKey.id, name: name.trim() });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('keys.renameTitle', { name: apiKey.name })}
      submit={t('keys.rename')}
      form={form}
      busy={busy}
    >
      <Field label={t('keys.name')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
    </FormDialog>
  );
}

export function RevokeKeyDialog({ apiKey, onClose }: Props) {
  const { t } = useTranslation();
  const revoke = useAction({
    ...revokeKey,
    done: t('keys.revokedDone', { name: apiKey.name }),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={t('keys.revokeTitle', { name: apiKey.name })}
      keep={t('keys.keep')}
      confirm={t('keys.revoke')}
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate(apiKey.id)}
      onClose={onClose}
    >
      <p>{t('keys.revokeWords')}</p>
    </ConfirmDialog>
  );
}
