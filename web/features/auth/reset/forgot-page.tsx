// Asks for a link to a new password.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { setupStateQuery } from '../../../data/installation.ts';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';
import { AuthFrame } from '../frame.tsx';

export function ForgotPage() {
  const { t } = useTranslation();
  const [answer, setAnswer] = useState<string>();
  const { form, input, errors, busy } = useForm({
    start: { email: '' },
    check: ({ email }) => (email.trim() === '' ? { email: t('form.missing') } : {}),
    send: async ({ email }) => setAnswer((await recado.auth.requestPasswordReset({ email: email.trim() })).message),
  });
  const sendsMail = useQuery(setupStateQuery).data?.sends_mail ?? true;
  return (
    <AuthFrame title={t('forgot.title')} intro={sendsMail && t('forgot.intro')}>
      <div className="mt-5 grid gap-4">
        {!sendsMail ? (
          <Banner tone="info" title={t('forgot.noMail')}>
            {t('forgot.noMailWords')}
          </Banner>
        ) : answer === undefined ? (
          <form {...form} className="grid gap-4">
            <Field label={t('login.email')} error={errors.email ?? errors.form}>
              <Input type="email" autoComplete="username" autoFocus {...input('email')} />
            </Field>
            <Button kind="primary" type="submit" busy={busy}>
              {t('forgot.action')}
            </Button>
          </form>
        ) : (
          <Banner tone="info" title={answer} />
        )}
        <p className="text-13">
          <Link to="/login" className="link">
            {t('forgot.back')}
          </Link>
        </p>
      </div>
    </AuthFrame>
  );
}
