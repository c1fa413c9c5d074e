import type { Account } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { updateAccount } from '../../../data/accounts.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';

export function RenameDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const update = useChange(updateAccount);
  const { form, input, errors, busy } = useForm({
    start: { name: account.name },
    check: ({ name }) => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send({ name }) {
      await update({ id: account.id, name: name.trim() });
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
