// E-mail, password, and a code where the person has a second factor.
import { ApiError } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';
import { session } from '../../../kit/session.ts';
import { AuthFrame } from '../frame.tsx';

export function LoginPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: '/login' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const [needsCode, setNeedsCode] = useState(false);
  const { form, input, errors, busy } = useForm({
    start: { email: '', password: '', code: '' },
    check: ({ email, password, code }) => ({
      ...(email.trim() === '' && { email: t('form.missing') }),
      ...(password === '' && { password: t('form.missing') }),
      ...(needsCode && code.trim() === '' && { code: t('login.codeMissing') }),
    }),
    async send({ email, password, code }) {
      try {
        session.begin(
          await recado.auth.logIn({
            email: email.trim(),
            password,
            cookies: true,
            ...(needsCode && { code: code.trim() }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'second_factor_needed') throw error;
        setNeedsCode(true);
        return;
      }
      client.clear();
      await navigate({ to: next ?? '/', replace: true });
    },
  });
  return (
    <AuthFrame title={t(needsCode ? 'login.codeTitle' : 'login.title')} intro={needsCode && t('login.codeIntro')}>
      <form {...form} className="mt-5 grid gap-4">
        <div className={needsCode ? 'hidden' : 'grid gap-4'}>
          <Field label={t('login.email')} error={errors.email}>
            <Input type="email" autoComplete="username" autoFocus {...input('email')} />
          </Field>
          <Field
            label={t('login.password')}
            error={errors.password ?? (needsCode ? undefined : errors.form)}
            aside={
              <Link to="/forgot" className="link text-13">
                {t('login.forgotten')}
              </Link>
            }
          >
            <SecretInput autoComplete="current-password" {...input('password')} />
          </Field>
        </div>
        {needsCode && (
          <Field label={t('login.code')} hint={t('login.codeHint')} error={errors.code ?? errors.form}>
            <Input inputMode="numeric" autoComplete="one-time-code" autoFocus className="num" {...input('code')} />
          </Field>
        )}
        <Button kind="primary" type="submit" busy={busy}>
          {t('login.action')}
        </Button>
      </form>
      <p className="mt-6 text-13 text-muted">{t('login.noAccount')}</p>
    </AuthFrame>
  );
}
