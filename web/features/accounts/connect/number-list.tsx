// The numbers that Meta lists for a token, by their business accounts; one of them is chosen.
import type { FoundNumbers } from '@recado/client';
import { CircleAlert } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Radio } from '../../../components/field.tsx';
import { Loading } from '../../../components/states.tsx';

type Business = FoundNumbers['business_accounts'][number];

interface Props {
  businesses: readonly Business[];
  chosen: string | undefined;
  onChoose: (numberId: string) => void;
  error: string | undefined;
  /** waiting: for a token and a secret. */
  state: 'waiting' | 'loading' | 'listed';
}

export function NumberList({ businesses, chosen, onChoose, error, state }: Props) {
  const { t } = useTranslation();
  const label = useId();
  return (
    <div
      role="radiogroup"
      aria-labelledby={label}
      className="grid gap-1.5"
      aria-invalid={error ? true : undefined}
      tabIndex={error ? -1 : undefined}
    >
      <p id={label} className="text-13 font-medium">
        {t('connect.number')}
      </p>
      {state === 'waiting' && <p className="text-13 text-muted">{t('connect.numberHint')}</p>}
      {state === 'loading' && (
        <Loading>
          <p className="flex items-center gap-2 text-13 text-muted">
            <span className="spin text-accent-text" />
            {t('connect.finding')}
          </p>
        </Loading>
      )}
      {state === 'listed' &&
        businesses.map(each => (
          <BusinessNumbers key={each.business_account_id} business={each} chosen={chosen} onChoose={onChoose} />
        ))}
      {error && (
        <p role="alert" className="flex gap-1.5 text-13 text-danger">
          <CircleAlert size={16} strokeWidth={1.75} className="mt-0.5" aria-hidden="true" />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}

function BusinessNumbers({
  business: { business_account_id: id, name, error, numbers },
  chosen,
  onChoose,
}: {
  business: Business;
  chosen: string | undefined;
  onChoose: (numberId: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="min-w-0 rounded-control border border-border">
      <legend className="sr-only">{name ?? t('connect.business')}</legend>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 border-b border-border bg-sunken px-3 py-1.5 text-13">
        <span className="font-medium" aria-hidden="true">
          {name ?? t('connect.business')}
        </span>
        <code className="text-12 text-muted">{id}</code>
      </p>
      {error && <p className="px-3 py-2 text-13 wrap-anywhere text-danger">{error}</p>}
      {!error && numbers.length === 0 && <p className="px-3 py-2 text-13 text-muted">{t('connect.noNumbers')}</p>}
      {numbers.map(number => (
        <Radio
          key={number.phone_number_id}
          name="listed_number"
          className="flex min-h-11 w-full border-b border-border px-3 py-2.5 last:border-0 has-disabled:cursor-default"
          checked={number.phone_number_id === chosen}
          disabled={number.taken}
          onChange={() => onChoose(number.phone_number_id)}
          label={
            <span className="block">
              <bdi className="num font-medium">{number.phone ?? number.phone_number_id}</bdi>{' '}
              <span className="text-muted">{number.verified_name}</span>
              {number.taken && <span className="block text-13 text-muted">{t('connect.taken')}</span>}
              {number.is_on_biz_app && number.is_registered !== false && (
                <span className="block text-13 text-muted">{t('connect.inApp')}</span>
              )}
              {number.is_registered === false && !number.is_on_biz_app && (
                <span className="block text-13 text-warning">{t('connect.notRegistered')}</span>
              )}
            </span>
          }
        />
      ))}
    </fieldset>
  );
}
