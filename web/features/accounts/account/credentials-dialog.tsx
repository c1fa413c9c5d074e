// A new token or other secrets. They are checked with WhatsApp before they are saved.

import type { Account } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { changeCredentials } from '../../../data/accounts.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

export function CredentialsDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const change = useChange(changeCredentials);
  const { form, input, errors, busy } = useForm({
    start: { access_token: '', app_secret: '', verify_token: '' },
    check: values =>
      Object.values(values).every(value => value.trim() === '') ? { access_token: t('form.missing') } : {},
    async send(values) {
      const given = Object.entries(values).filter(([, value]) => value.trim() !== '');
      await change({ id: account.id, ...Object.fromEntries(given.map(([name, value]) => [name, value.trim()])) });
      toast(t('accounts.credentialsSaved', { name: account.name }));
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('accounts.newTokenTitle', { name: account.name })}
      submit={t('accounts.checkAndSave')}
      form={form}
      busy={busy}
    >
      <Field label={t('connect.token')} hint={t('connect.tokenHint')} error={errors.access_token ?? errors.form}>
        <SecretInput autoComplete="off" autoFocus {...input('access_token')} />
      </Field>
      <Field label={t('connect.secret')} hint={t('accounts.unchanged')} error={errors.app_secret}>
        <SecretInput autoComplete="off" {...input('app_secret')} />
      </Field>
      <Field label={t('connect.verify')} hint={t('accounts.unchanged')} error={errors.verify_token}>
        <SecretInput autoComplete="off" {...input('verify_token')} />
      </Field>
    </FormDialog>
  );
}
