// Renaming and revoking a key.

import type { ApiKey } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
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
    <Dialog
      open
      onClose={onClose}
      title={t('keys.revokeTitle', { name: apiKey.name })}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('keys.keep')}
          </Button>
          <Button kind="danger-solid" busy={revoke.isPending} onClick={() => revoke.mutate(apiKey.id)}>
            {t('keys.revoke')}
          </Button>
        </>
      }
    >
      <p>{t('keys.revokeWords')}</p>
    </Dialog>
  );
}
