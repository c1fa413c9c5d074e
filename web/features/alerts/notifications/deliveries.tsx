// What channels were given, and how that went.
import type { AlertDelivery } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ListTable } from '../../../components/list-table.tsx';
import { deliveriesQuery } from '../../../data/alerts.ts';
import { useFormat } from '../../../kit/format.ts';

export function Deliveries() {
  const { t } = useTranslation();
  const { measured, exact, clock, day } = useFormat();
  const outcome = ({ state, error, duration_ms, instead_of }: AlertDelivery) => {
    const words = {
      waiting: error ?? t('alerts.waits'),
      sending: t('alerts.sending'),
      sent: t('alerts.taken', { time: measured((duration_ms ?? 0) / 1_000) }),
      failed: error ?? '',
    };
    const instead = instead_of === null ? '' : t('alerts.insteadOf', { name: t(`alerts.kind.${instead_of}`) });
    return [words[state], instead].filter(Boolean).join(' · ');
  };
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2>{t('alerts.deliveries')}</h2>
      <ListTable
        list={useInfiniteQuery(deliveriesQuery)}
        label={t('alerts.deliveries')}
        failed={t('alerts.failed')}
        empty={<p className="px-5 py-8 text-center text-muted">{t('alerts.noDeliveries')}</p>}
        columns={[
          {
            head: t('alerts.at'),
            look: 'text-muted',
            title: ({ created_at }) => exact(created_at),
            cell: ({ created_at }) => `${day(created_at)} ${clock(created_at)}`,
          },
          { head: t('alerts.alert'), look: 'wide', cell: ({ title }) => <bdi>{title}</bdi> },
          { head: t('alerts.channel'), cell: ({ channel }) => t(`alerts.kind.${channel}`) },
          { head: t('alerts.to'), look: 'small-hidden text-muted', cell: ({ to }) => <bdi>{to}</bdi> },
          {
            head: t('alerts.outcome'),
            look: 'small-full',
            cell: delivery => (
              <span className={delivery.state === 'failed' ? 'text-danger' : ''}>{outcome(delivery)}</span>
            ),
          },
        ]}
      />
    </section>
  );
}
