// The cost of a campaign before it leaves: a range, and the people without a rate.
import type { CampaignOutlook } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../data/me.ts';
import { useFormat } from '../../kit/format.ts';

export function OutlookCost({
  cost: { low, high, currency, people, without_rate: without },
}: {
  cost: NonNullable<CampaignOutlook['cost']>;
}) {
  const { t, i18n } = useTranslation();
  const { number, money, list } = useFormat();
  const mayManage = useMay('cost.manage');
  const countryNames = new Intl.DisplayNames(i18n.language, { type: 'region', fallback: 'code' });
  const amount =
    low === high
      ? money(high, currency)
      : t('campaigns.costRange', { low: money(low, currency), high: money(high, currency) });
  return (
    <>
      <b>{amount}</b> <span className="text-muted">{t('campaigns.costForPeople', { count: people })}</span>
      {without.length > 0 && (
        <span className="block text-warning">
          {t('campaigns.costWithout', {
            list: list(
              without.map(
                ({ value, people: count }) =>
                  `${value === '' ? t('campaigns.notKnown') : (countryNames.of(value) ?? value)} ${number(count)}`,
              ),
            ),
          })}{' '}
          {mayManage && (
            <Link to="/settings/cost" className="underline underline-offset-3">
              {t('campaigns.costAddOne')}
            </Link>
          )}
        </span>
      )}
    </>
  );
}
