import type { Account } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';

export function RenameDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { form, input, errors, busy } = useForm({
    start: { name: account.name },
    check: ({ name }) => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send({ name }) {
      await recado.accounts.update(account.id, { name: name.trim() });
      await client.invalidateQueries({ queryKey: ['accounts'] });
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('accounts.renameTitle', { name: account.name })}
      submit={t('accounts.rename')}
      form={form}
      busy={busy}
    >
      <Field label={t('form.name')} hint={t('connect.nameHint')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
    </FormDialog>
  );
}
