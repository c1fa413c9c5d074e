// A number at Meta: from its token and app secret Meta lists the numbers, and one of them is chosen and checked.

import { ApiError } from '@recado/client';
import type { AccountCheck } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { Said } from '../../../components/said.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { createAccount, foundNumbersQuery, newAccountChecksQuery } from '../../../data/accounts.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';
import { useErrorText } from '../../../kit/use-error-text.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import { Checks } from '../checks.tsx';
import { NumberList } from './number-list.tsx';
import { ZoneLine } from './zone-line.tsx';
import { ownZone } from './zones.ts';

const names: AccountCheck['name'][] = ['token', 'scopes', 'app', 'number', 'registration', 'business_account'];

const start = {
  access_token: '',
  app_secret: '',
  app_id: '',
  phone_number_id: '',
  business_account_id: '',
  name: '',
  verify_token: '',
  pin: '',
};
type Values = typeof start & { time_zone: string };
const secrets = ['access_token', 'app_secret'] as const;

/** Meta's ids are digits, its secrets longer than this: anything else is not worth a question. */
const leastSecret = 8;
const isSecret = (text: string) => text.length >= leastSecret && !/\s/.test(text);
const isId = (text: string) => /^\d+$/.test(text);

/** Without the optional fields that are empty. */
const given = <Given extends Record<string, string>>(values: Given) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')) as Given;

const randomText = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), part => part.toString(36).padStart(7, '0')).join('');

/** Meta's answer about the token and the secret, with the numbers that it lists, once they have rested. */
function useFound({ access_token, app_secret, app_id }: Values) {
  const typed = { access_token: access_token.trim(), app_secret: app_secret.trim(), app_id: app_id.trim() };
  const asked = useSettled(JSON.stringify(given(typed)));
  return useQuery({
    ...foundNumbersQuery(JSON.parse(asked)),
    enabled: isSecret(typed.access_token) && isSecret(typed.app_secret),
  });
}

/** Meta's answer about a number that was chosen or typed. */
function useChecks(values: Values, ids: { phone_number_id: string; business_account_id: string }) {
  const { access_token, app_secret, app_id } = values;
  const isComplete =
    isId(ids.phone_number_id) &&
    isId(ids.business_account_id) &&
    isSecret(access_token.trim()) &&
    isSecret(app_secret.trim());
  const body = { ...ids, access_token: access_token.trim(), app_secret: app_secret.trim(), app_id: app_id.trim() };
  const asked = useSettled(JSON.stringify(given(body)));
  return useQuery({
    ...newAccountChecksQuery(JSON.parse(asked)),
    enabled: isComplete && asked === JSON.stringify(given(body)),
  });
}

export function CloudForm() {
  const { t } = useTranslation();
  const create = useChange(createAccount);
  const navigate = useNavigate();
  const [verifyToken] = useState(randomText);
  const [choice, setChoice] = useState<string>();
  const [typesIds, setTypesIds] = useState(false);

  const { form, input, values, errors, busy } = useForm<Values>({
    start: { ...start, time_zone: ownZone(), verify_token: verifyToken },
    check: typed => {
      const needed = ['access_token', 'app_secret', ...(byHand ? ['phone_number_id', 'business_account_id'] : [])];
      const empty = needed.filter(name => typed[name as keyof Values].trim() === '');
      const wrong: Partial<Record<keyof Values, string>> = Object.fromEntries(
        empty.map(name => [name, t('form.missing')]),
      );
      for (const name of secrets) if (/\s/.test(typed[name].trim())) wrong[name] = t('connect.space');
      // Without Meta's list there is nothing to choose from: to send it asks again.
      if (isUnanswered) return wrong;
      if (empty.length === 0 && !byHand && !chosen) wrong.phone_number_id = t('connect.chooseOne');
      if (typed.name.trim() === '' && suggestedName === '') wrong.name = t('form.missing');
      return wrong;
    },
    eager: secrets,
    async send(typed) {
      if (isUnanswered) {
        await found.refetch();
        return;
      }
      const trimmed = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()])) as Values;
      const made = await create({
        ...given({ ...trimmed, ...ids, name: trimmed.name || suggestedName }),
        channel: 'cloud',
      });
      await navigate({ to: '/accounts/$accountId', params: { accountId: made.id } });
    },
  });

  const found = useFound(values);
  const businesses = found.data?.business_accounts ?? [];
  const listed = businesses.flatMap(({ business_account_id, numbers }) =>
    numbers.map(number => ({ ...number, business_account_id })),
  );
  const free = listed.filter(({ taken }) => !taken);
  // Ids help only where the token and the secret are right.
  const mayList = found.data?.ok === true;
  const isEmpty = mayList && listed.length === 0;
  const byHand = mayList && (typesIds || isEmpty);
  const isUnanswered = found.isError;
  const chosen = free.find(({ phone_number_id: id }) => id === choice) ?? (free.length === 1 ? free[0] : undefined);
  const ids = byHand
    ? { phone_number_id: values.phone_number_id.trim(), business_account_id: values.business_account_id.trim() }
    : {
        phone_number_id: chosen?.phone_number_id ?? '',
        business_account_id: chosen?.business_account_id ?? '',
      };
  const suggestedName = byHand ? '' : (chosen?.verified_name ?? chosen?.phone ?? '');

  const checks = useChecks(values, ids);
  const shown = checks.data?.checks ?? found.data?.checks ?? [];
  const wrong = (name: keyof Values) => errors[name] ?? shown.find(({ ok, field }) => !ok && field === name)?.message;
  const asksForApp = values.app_id !== '' || wrong('app_id') !== undefined;
  const asksForPin = (chosen?.is_registered === false && !chosen.is_on_biz_app) || wrong('pin') !== undefined;
  const failure = found.error ?? checks.error;
  const failureText = useErrorText(failure);
  const isStrange = failure instanceof ApiError && failure.code === 'channel_unavailable';
  const formError = errors.form ?? errors.verify_token;
  const isListed = mayList && !isEmpty;
  return (
    <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
      <Card className="p-4 md:p-5 lg:col-span-7">
        <form {...form} className="grid gap-4">
          <h2>{t('channel.cloud')}</h2>
          <Field label={t('connect.token')} hint={t('connect.tokenHint')} error={wrong('access_token')}>
            <SecretInput autoComplete="off" autoFocus className="font-mono" {...input('access_token')} />
          </Field>
          <Field label={t('connect.secret')} hint={t('connect.secretHint')} error={wrong('app_secret')}>
            <SecretInput autoComplete="off" className="font-mono" {...input('app_secret')} />
          </Field>
          {asksForApp && (
            <Field label={t('connect.appId')} hint={t('connect.optional')} error={wrong('app_id')}>
              <Input inputMode="numeric" autoComplete="off" className="num" {...input('app_id')} />
            </Field>
          )}
          {!byHand && (
            <NumberList
              businesses={businesses}
              chosen={chosen?.phone_number_id}
              onChoose={setChoice}
              error={
                errors.phone_number_id ?? shown.find(({ ok, field }) => !ok && field === 'phone_number_id')?.message
              }
              state={found.isFetching ? 'loading' : isListed ? 'listed' : 'waiting'}
            />
          )}
          {isEmpty && <p className="text-13 text-muted">{t('connect.noneListed')}</p>}
          {byHand && (
            <div className="grid gap-4 md:grid-cols-2">
              <Field
                label={t('connect.phoneId')}
                hint={t('connect.idHint')}
                error={wrong('phone_number_id')}
                ok={shown.find(({ ok, name }) => ok && name === 'number')?.message}
              >
                <Input inputMode="numeric" autoComplete="off" className="num" {...input('phone_number_id')} />
              </Field>
              <Field label={t('connect.businessId')} hint={t('connect.idHint')} error={wrong('business_account_id')}>
                <Input inputMode="numeric" autoComplete="off" className="num" {...input('business_account_id')} />
              </Field>
            </div>
          )}
          {isListed && (
            <div>
              <Button kind="line" size="small" onClick={() => setTypesIds(!typesIds)}>
                {t(typesIds ? 'connect.fromList' : 'connect.byHand')}
              </Button>
            </div>
          )}
          {(byHand || chosen) && (
            <>
              {asksForPin && (
                <Field label={t('connect.pin')} hint={t('connect.pinHint')} error={errors.pin}>
                  <Input inputMode="numeric" autoComplete="off" className="num" {...input('pin')} />
                </Field>
              )}
              <Field label={t('form.name')} hint={t('connect.nameHint')} error={wrong('name')}>
                <Input autoComplete="off" placeholder={suggestedName} {...input('name')} />
              </Field>
              <ZoneLine error={wrong('time_zone')} {...input('time_zone')} />
            </>
          )}
          {(formError ?? failureText) !== undefined && (
            <div role="alert" className="grid justify-items-start gap-2 rounded-control bg-danger-soft px-3 py-2.5">
              <p className="flex gap-2 text-13 text-danger">
                <CircleAlert size={16} strokeWidth={1.75} className="mt-0.5" aria-hidden="true" />
                <span>
                  <Said text={formError ?? failureText} />
                  {!formError && isStrange && <bdi className="mt-1 block text-12 wrap-anywhere">{failure.message}</bdi>}
                </span>
              </p>
              {!formError && (
                <Button
                  kind="line"
                  size="small"
                  onClick={() => void (found.isError ? found.refetch() : checks.refetch())}
                >
                  {t('action.tryAgain')}
                </Button>
              )}
            </div>
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
            {t('connect.checkCount', { ok: shown.filter(({ ok }) => ok).length, all: names.length })}
          </span>
        </CardHead>
        <CardBody>
          <Checks names={names} checks={shown} busy={found.isFetching || checks.isFetching} />
        </CardBody>
      </Card>
    </div>
  );
}
