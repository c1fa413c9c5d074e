// A new password, by the link of a letter or of a colleague.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button, buttonLook } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';
import { forgetLinkToken, useLinkToken } from '../../../kit/link-token.ts';
import { leastPassword } from '../../../kit/password.ts';
import { AuthFrame } from '../frame.tsx';

export function ResetPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const [done, setDone] = useState(false);
  const { form, input, errors, busy } = useForm({
    start: { password: '' },
    check: ({ password }) => (password.length < leastPassword ? { password: t('form.shortPassword') } : {}),
    eager: ['password'],
    async send({ password }) {
      await recado.auth.resetPassword({ token: token ?? '', password });
      forgetLinkToken();
      setDone(true);
    },
  });
  if (done)
    return (
      <AuthFrame title={t('reset.done')} intro={t('reset.doneWords')}>
        <Link to="/login" className={`${buttonLook('primary')} mt-5`}>
          {t('login.action')}
        </Link>
      </AuthFrame>
    );
  return (
    <AuthFrame title={t('reset.title')} intro={t('reset.intro')}>
      <div className="mt-5 grid gap-4">
        {token === undefined ? (
          <Banner tone="info" title={t('form.noToken')}>
            <Link to="/forgot" className="underline">
              {t('reset.askAgain')}
            </Link>
          </Banner>
        ) : (
          <form {...form} className="grid gap-4">
            <Field label={t('reset.password')} hint={t('form.passwordHint')} error={errors.password ?? errors.form}>
              <SecretInput autoComplete="new-password" autoFocus {...input('password')} />
            </Field>
            <Button kind="primary" type="submit" busy={busy}>
              {t('reset.action')}
            </Button>
          </form>
        )}
      </div>
    </AuthFrame>
  );
}
