// What changes the second factor asks for both factors.
import { ApiError } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field, Input } from '../../../components/field.tsx';
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
    <Dialog
      open
      onClose={onClose}
      title={t(`you.${what}Title`)}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t(`you.${what}Keep`)}
          </Button>
          <Button kind={what === 'remove' ? 'danger-solid' : 'primary'} type="submit" form="proof" busy={busy}>
            {t(`you.${what}`)}
          </Button>
        </>
      }
    >
      <p>{t(`you.${what}Words`)}</p>
      <form {...form} id="proof" className="grid gap-4">
        <Field label={t('login.password')} error={errors.password ?? (isPasswordWrong ? errors.form : undefined)}>
          <Input type="password" autoComplete="current-password" autoFocus {...input('password')} />
        </Field>
        <Field
          label={t('login.code')}
          hint={t('login.codeHint')}
          error={errors.code ?? (isPasswordWrong ? undefined : errors.form)}
        >
          <Input autoComplete="one-time-code" className="num" {...input('code')} />
        </Field>
      </form>
    </Dialog>
  );
}
