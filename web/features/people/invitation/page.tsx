// Joins a workspace by the link of an invitation.
import { ApiError } from '@recado/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { Answer, Skeleton } from '../../../components/states.tsx';
import { invitationQuery } from '../../../data/installation.ts';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';
import { forgetLinkToken, useLinkToken } from '../../../kit/link-token.ts';
import { leastPassword } from '../../../kit/password.ts';
import { session } from '../../../kit/session.ts';
import { AuthFrame } from '../../auth/index.ts';

export function InvitationPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  if (token !== undefined) return <Invited token={token} />;
  return (
    <AuthFrame title={t('invitation.title')}>
      <div className="mt-5">
        <Banner tone="info" title={t('form.noToken')}>
          {t('invitation.noTokenWords')}
        </Banner>
      </div>
    </AuthFrame>
  );
}

/** Who invites whom, to what and as what. */
function Invited({ token }: { token: string }) {
  const { t } = useTranslation();
  const invitation = useQuery(invitationQuery(token));
  const { workspace_name: workspace, invited_by: inviter, role } = invitation.data ?? {};
  const title = workspace === undefined ? t('invitation.title') : t('invitation.titleOf', { workspace });
  const intro = role && (
    <>
      {inviter
        ? t('invitation.by', { inviter, role: t(`role.${role}`) })
        : t('invitation.byNobody', { role: t(`role.${role}`) })}{' '}
      {t(`roleHint.${role}`)}
    </>
  );
  return (
    <AuthFrame title={title} intro={intro}>
      <div className="mt-5">
        <Answer query={invitation} failed={t('invitation.failed')} skeleton={<Skeleton className="h-60 w-full" />}>
          {({ email }) => <JoinForm token={token} email={email} />}
        </Answer>
      </div>
    </AuthFrame>
  );
}

function JoinForm({ token, email }: { token: string; email: string }) {
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
    eager: ['password'],
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
      <p className="text-13 text-muted">{t('invitation.intro')}</p>
      <Field label={t('login.email')} hint={t('invitation.locked')}>
        <Input type="email" autoComplete="username" readOnly value={email} />
      </Field>
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
