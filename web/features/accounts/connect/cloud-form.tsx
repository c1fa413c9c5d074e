// A number at Meta: its ids and secrets, checked with WhatsApp while they are typed.
import type { AccountCheck } from '@recado/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { recado } from '../../../kit/client.ts';
import { useForm } from '../../../kit/form.ts';
import { useErrorWords } from '../../../kit/use-action.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import { Checks } from '../checks.tsx';
import { ZoneField } from './zone-field.tsx';
import { ownZone } from './zones.ts';

const names: AccountCheck['name'][] = ['token', 'scopes', 'app', 'number', 'business_account'];
const checkedFields = ['phone_number_id', 'business_account_id', 'access_token', 'app_secret', 'app_id'] as const;
const needed = ['phone_number_id', 'business_account_id', 'access_token', 'app_secret'] as const;

const start = {
  name: '',
  phone_number_id: '',
  business_account_id: '',
  access_token: '',
  app_secret: '',
  app_id: '',
  verify_token: '',
  pin: '',
};
type Values = typeof start & { time_zone: string };

/** Meta's ids are digits, its secrets longer than this: anything else is not worth a question. */
const leastSecret = 8;
const isComplete = (values: Values) =>
  /^\d+$/.test(values.phone_number_id) &&
  /^\d+$/.test(values.business_account_id) &&
  values.access_token.length >= leastSecret &&
  values.app_secret.length >= leastSecret;

/** Without the optional fields that are empty. */
const given = <Given extends Record<string, string>>(values: Given) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')) as Given;

const randomText = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), part => part.toString(36).padStart(7, '0')).join('');

function useChecks(values: Values) {
  const asked = useSettled(
    JSON.stringify(given(Object.fromEntries(checkedFields.map(name => [name, values[name].trim()])))),
  );
  return useQuery({
    queryKey: ['checks', asked],
    queryFn: () => recado.accounts.checkNew(JSON.parse(asked)),
    enabled: isComplete(values),
    staleTime: 60_000,
    meta: { costly: true },
    retry: false,
  });
}

export function CloudForm() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const inWords = useErrorWords();
  const [verifyToken] = useState(randomText);
  const { form, input, values, errors, busy } = useForm<Values>({
    start: { ...start, time_zone: ownZone(), verify_token: verifyToken },
    check: typed =>
      Object.fromEntries(
        ['name', ...needed, 'verify_token']
          .filter(name => typed[name as keyof Values].trim() === '')
          .map(name => [name, t('form.missing')]),
      ),
    async send(typed) {
      const trimmed = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()]));
      const made = await recado.accounts.create({ ...given(trimmed as Values), channel: 'cloud' });
      await client.invalidateQueries({ queryKey: ['accounts'] });
      await navigate({ to: '/accounts/$accountId', params: { accountId: made.id } });
    },
  });
  const checks = useChecks(values);
  const found = checks.data?.checks ?? [];
  const wrong = (name: keyof Values) => errors[name] ?? found.find(({ ok, field }) => !ok && field === name)?.message;
  return (
    <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
      <Card className="p-4 md:p-5 lg:col-span-7">
        <form {...form} className="grid gap-4">
          <h2>{t('channel.cloud')}</h2>
          <Field label={t('form.name')} hint={t('connect.nameHint')} error={wrong('name')}>
            <Input autoComplete="off" autoFocus {...input('name')} />
          </Field>
          <div className="grid gap-4 md:grid-cols-2">
            <Field
              label={t('connect.phoneId')}
              hint={t('connect.idHint')}
              error={wrong('phone_number_id')}
              ok={found.find(({ ok, name }) => ok && name === 'number')?.message}
            >
              <Input inputMode="numeric" autoComplete="off" className="num" {...input('phone_number_id')} />
            </Field>
            <Field label={t('connect.businessId')} hint={t('connect.idHint')} error={wrong('business_account_id')}>
              <Input inputMode="numeric" autoComplete="off" className="num" {...input('business_account_id')} />
            </Field>
          </div>
          <Field label={t('connect.token')} hint={t('connect.tokenHint')} error={wrong('access_token')}>
            <Input type="password" autoComplete="off" className="font-mono" {...input('access_token')} />
          </Field>
          <div className="grid gap-4 md:grid-cols-2">
            <Field label={t('connect.secret')} hint={t('connect.secretHint')} error={wrong('app_secret')}>
              <Input type="password" autoComplete="off" className="font-mono" {...input('app_secret')} />
            </Field>
            <Field label={t('connect.appId')} hint={t('connect.optional')} error={wrong('app_id')}>
              <Input inputMode="numeric" autoComplete="off" className="num" {...input('app_id')} />
            </Field>
            <Field label={t('connect.verify')} hint={t('connect.verifyHint')} error={wrong('verify_token')}>
              <Input autoComplete="off" dir="ltr" className="font-mono" {...input('verify_token')} />
            </Field>
            <Field label={t('connect.pin')} hint={t('connect.pinHint')} error={wrong('pin')}>
              <Input inputMode="numeric" autoComplete="off" className="num" {...input('pin')} />
            </Field>
          </div>
          <ZoneField error={wrong('time_zone')} {...input('time_zone')} />
          {errors.form && (
            <p role="alert" className="text-13 text-danger">
              {errors.form}
            </p>
          )}
          <div className="flex justify-end gap-2 pt-1">
            <Button kind="line" onClick={() => void navigate({ to: '/accounts' })}>
              {t('action.cancel')}
            </Button>
            <Button kind="primary" type="submit" busy={busy}>
              {t('connect.action')}
            </Button>
          </div>
        </form>
      </Card>
      <Card className="lg:sticky lg:top-16 lg:col-span-5">
        <CardHead title={t('connect.checks')}>
          <span className="num text-13 text-muted">
            {t('connect.checkCount', { ok: found.filter(({ ok }) => ok).length, all: names.length })}
          </span>
        </CardHead>
        <CardBody>
          <Checks names={names} checks={found} busy={checks.isFetching} />
          {checks.isError && (
            <p role="alert" className="pt-2 text-13 text-danger">
              {inWords(checks.error)}
            </p>
          )}
        </CardBody>
      </Card>
    </div>
  );
}
