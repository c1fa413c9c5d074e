// The first step of the first run: who owns this Recado.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button, buttonLook } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { useTitle } from '../../../components/page.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { Loading, Skeleton } from '../../../components/states.tsx';
import { setupStateQuery } from '../../../data/installation.ts';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';
import { forgetLinkToken, useLinkToken } from '../../../kit/link-token.ts';
import { leastPassword } from '../../../kit/password.ts';
import { session } from '../../../kit/session.ts';
import { FirstRunFrame } from '../../first-run/index.ts';

export function SetupPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const state = useQuery(setupStateQuery);
  useTitle(t('setup.title'));
  return (
    <FirstRunFrame step={1}>
      <main id="main" className="mx-auto grid w-full max-w-108 gap-4 px-4 pb-12">
        <h1 className="-mb-2 text-28/9 tracking-tight">{t('setup.title')}</h1>
        {state.data?.has_owner ? (
          <>
            <Banner tone="info" title={t('setup.owned')}>
              {t('setup.ownedWords')}
            </Banner>
            <Link to="/login" className={buttonLook('primary')}>
              {t('login.action')}
            </Link>
          </>
        ) : state.isPending ? (
          <Loading>
            <Skeleton className="h-60 w-full" />
          </Loading>
        ) : token === undefined ? (
          <Banner tone="info" title={t('setup.noToken')}>
            {t('setup.noTokenWords')}
          </Banner>
        ) : (
          <OwnerForm token={token} />
        )}
      </main>
    </FirstRunFrame>
  );
}

function OwnerForm({ token }: { token: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { form, input, values, errors, busy } = useForm({
    start: { name: '', email: '', password: '' },
    check: ({ name, email, password }) => ({
      ...(name.trim() === '' && { name: t('form.missing') }),
      ...(email.trim() === '' && { email: t('form.missing') }),
      ...(password.length < leastPassword && { password: t('form.shortPassword') }),
    }),
    eager: ['password'],
    async send({ name, email, password }) {
      const owner = { name: name.trim(), email: email.trim(), password };
      await recado.auth.createFirstOwner({ token, ...owner });
      forgetLinkToken();
      session.begin(await recado.auth.logIn({ email: owner.email, password, cookies: true }));
      client.clear();
      await navigate({ to: '/', replace: true });
    },
  });
  return (
    <>
      <p className="text-muted">{t('setup.intro')}</p>
      <form {...form} className="grid gap-4">
        <Field label={t('form.name')} error={errors.name}>
          <Input autoComplete="name" autoFocus {...input('name')} />
        </Field>
        <Field label={t('login.email')} error={errors.email}>
          <Input type="email" autoComplete="username" {...input('email')} />
        </Field>
        <Field
          label={t('login.password')}
          hint={t('form.passwordHint')}
          ok={values.password.length >= leastPassword && t('form.longEnough')}
          error={errors.password ?? errors.form}
        >
          <SecretInput autoComplete="new-password" {...input('password')} />
        </Field>
        <Button kind="primary" type="submit" busy={busy}>
          {t('setup.action')}
        </Button>
      </form>
    </>
  );
}
