// What changes the second factor asks for both factors.
import { ApiError } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';

interface Props {
  what: 'renew' | 'remove';
  onClose: () => void;
  /** Given new recovery codes, if there are any. */
  onDone: (codes?: readonly string[]) => void;
}

export function ProofDialog({ what, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const { form, input, errors, error, busy } = useForm({
    start: { password: '', code: '' },
    check: ({ password, code }) => ({
      ...(password === '' && { password: t('form.missing') }),
      ...(code.trim() === '' && { code: t('login.codeMissing') }),
    }),
    async send({ password, code }) {
      const proof = { password, code: code.trim() };
      if (what === 'renew') onDone((await recado.me.renewRecoveryCodes(proof)).recovery_codes);
      else {
        await recado.me.removeSecondFactor(proof);
        onDone();
      }
    },
  });
  const isPasswordWrong = error instanceof ApiError && error.code === 'current_password_wrong';
  return (
    <FormDialog
      onClose={onClose}
      title={t(`you.${what}Title`)}
      submit={t(`you.${what}`)}
      cancel={t(`you.${what}Keep`)}
      isDanger={what === 'remove'}
      form={form}
      busy={busy}
      intro={<p>{t(`you.${what}Words`)}</p>}
    >
      <Field label={t('login.password')} error={errors.password ?? (isPasswordWrong ? errors.form : undefined)}>
        <SecretInput autoComplete="current-password" autoFocus {...input('password')} />
      </Field>
      <Field
        label={t('login.code')}
        hint={t('login.codeHint')}
        error={errors.code ?? (isPasswordWrong ? undefined : errors.form)}
      >
        <Input autoComplete="one-time-code" className="num" {...input('code')} />
      </Field>
    </FormDialog>
  );
}
