// What a message costs, and who says so.
import type { MessageDetails } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../kit/format.ts';
import { useTextOr } from '../../kit/text-or.ts';

export function ChargeWords({ charge }: { charge: NonNullable<MessageDetails['charge']> }) {
  const { t } = useTranslation();
  const { rate } = useFormat();
  const { tOr } = useTextOr();
  const { kind, amount, currency, category, market, country } = charge;
  const where = market ?? country;
  return (
    <span>
      {amount !== null && <bdi className="num">{rate(amount, currency)} </bdi>}
      {t(`message.charge.${kind}`)}
      <span className="block text-muted">
        {tOr(`overview.cost.category.${category}`, category)}
        {where !== null && (
          <>
            , <bdi>{where}</bdi>
          </>
        )}
      </span>
    </span>
  );
}
