// The rate cards, with the days that they count for.
import type { RateCard } from '@recado/client';
import { Check, Clock, Receipt } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Pill } from '../../../components/marks.tsx';
import { Empty } from '../../../components/states.tsx';
import { Table } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';

export function RateCards({ cards }: { cards: readonly RateCard[] }) {
  const { t } = useTranslation();
  const { number, date } = useFormat();
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div>
        <h2>{t('cost.cards')}</h2>
        <p className="text-13 text-muted">{t('cost.cardsHint')}</p>
      </div>
      {cards.length === 0 ? (
        <Empty icon={Receipt} title={t('cost.noCards')}>
          {t('cost.noCardsWords')}
        </Empty>
      ) : (
        <Table label={t('cost.cards')} short>
          <thead>
            <tr>
              <th scope="col">{t('cost.card')}</th>
              <th scope="col">{t('cost.currency')}</th>
              <th scope="col">{t('cost.validFrom')}</th>
              <th scope="col" className="end">
                {t('cost.markets')}
              </th>
              <th scope="col" className="end">
                {t('cost.rates')}
              </th>
              <th scope="col">{t('cost.state')}</th>
            </tr>
          </thead>
          <tbody>
            {cards.map(card => (
              <tr key={card.id}>
                <td className="wide font-medium">
                  <bdi>{card.name}</bdi>
                </td>
                <td className="text-muted">{card.currency}</td>
                <td className="text-muted" data-label={t('cost.validFrom')}>
                  {date(card.valid_from)}
                </td>
                <td className="num end" data-label={t('cost.markets')}>
                  {number(card.markets)}
                </td>
                <td className="num end" data-label={t('cost.rates')}>
                  {number(card.rates)}
                </td>
                <td className="small-full">
                  <StatePill card={card} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

function StatePill({ card: { state, valid_from: from, valid_until: until } }: { card: RateCard }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  switch (state) {
    case 'draft':
      return (
        <Pill tone="info" icon={Clock}>
          {t('cost.stateDraft')}
        </Pill>
      );
    case 'coming':
      return (
        <Pill tone="info" icon={Clock}>
          {t('cost.stateComing', { day: date(from) })}
        </Pill>
      );
    case 'current':
      return (
        <Pill tone="success" icon={Check}>
          {until === null ? t('cost.stateCurrent') : t('cost.stateCurrentUntil', { day: date(until) })}
        </Pill>
      );
    default:
      return <Pill>{until === null ? t('cost.stateReplaced') : t('cost.stateEnded', { day: date(until) })}</Pill>;
  }
}
