// Joins a workspace by the link of an invitation.
import { ApiError } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';
import { forgetLinkToken, useLinkToken } from '../../../kit/link-token.ts';
import { leastPassword } from '../../../kit/password.ts';
import { session } from '../../../kit/session.ts';
import { AuthFrame } from '../../auth/index.ts';

export function InvitationPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  return (
    <AuthFrame title={t('invitation.title')} intro={t('invitation.intro')}>
      <div className="mt-5">
        {token === undefined ? (
          <Banner tone="info" title={t('form.noToken')}>
            {t('invitation.noTokenWords')}
          </Banner>
        ) : (
          <JoinForm token={token} />
        )}
      </div>
    </AuthFrame>
  );
}

function JoinForm({ token }: { token: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [needsCode, setNeedsCode] = useState(false);
  const { form, input, errors, busy } = useForm({
    start: { name: '', password: '', code: '' },
    check: ({ name, password, code }) => ({
      ...(name.trim() === '' && { name: t('form.missing') }),
      ...(password.length < leastPassword && { password: t('form.shortPassword') }),
      ...(needsCode && code.trim() === '' && { code: t('login.codeMissing') }),
    }),
    async send({ name, password, code }) {
      try {
        const joining = { token, name: name.trim(), password, ...(needsCode && { code: code.trim() }) };
        session.begin(await recado.invitations.accept({ ...joining, cookies: true }));
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'second_factor_needed') throw error;
        setNeedsCode(true);
        return;
      }
      forgetLinkToken();
      client.clear();
      await navigate({ to: '/', replace: true });
    },
  });
  return (
    <form {...form} className="grid gap-4">
      <Field label={t('form.name')} error={errors.name}>
        <Input autoComplete="name" autoFocus {...input('name')} />
      </Field>
      <Field
        label={t('login.password')}
        hint={t('invitation.passwordHint')}
        error={errors.password ?? (needsCode ? undefined : errors.form)}
      >
        <SecretInput autoComplete="new-password" {...input('password')} />
      </Field>
      {needsCode && (
        <Field label={t('login.code')} hint={t('login.codeHint')} error={errors.code ?? errors.form}>
          <Input inputMode="numeric" autoComplete="one-time-code" autoFocus className="num" {...input('code')} />
        </Field>
      )}
      <Button kind="primary" type="submit" busy={busy}>
        {t('invitation.action')}
      </Button>
    </form>
  );
}
