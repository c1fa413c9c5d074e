// The deliveries of an endpoint, and one of them with its body and its attempts.
import type { EndpointDelivery, ShownEndpointDelivery } from '@recado/client';
import type { DeliveryStatus } from '@recado/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Check, Clock, RotateCcw, Send, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Segments } from '../../../components/choose.tsx';
import { CodeBlock } from '../../../components/code.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Answer, Empty, SkeletonLines } from '../../../components/states.tsx';
import { deliveriesQuery, deliveryQuery, resendDelivery } from '../../../data/endpoints.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { HttpStatus } from '../http-status.tsx';

const views = ['all', 'waiting', 'succeeded', 'failed'] as const;
type View = (typeof views)[number];

export function Deliveries({ endpointId }: { endpointId: string }) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('all');
  const [shown, setShown] = useState<EndpointDelivery>();
  const list = useInfiniteQuery(deliveriesQuery(endpointId, view === 'all' ? {} : { status: view }));
  return (
    <section className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2>{t('developers.endpoints.deliveries')}</h2>
        <Segments
          label={t('developers.endpoints.which')}
          value={view}
          options={views.map(value => ({ value, label: t(`developers.endpoints.delivery.${value}`) }))}
          onChange={setView}
        />
      </div>
      <ListTable
        list={list}
        label={t('developers.endpoints.deliveries')}
        failed={t('developers.endpoints.deliveriesFailed')}
        columns={useColumns(setShown)}
        short
        empty={
          <Empty icon={Send} title={t('developers.endpoints.noDelivery')}>
            {t('developers.endpoints.noDeliveryWords')}
          </Empty>
        }
      />
      {shown && <DeliveryDialog delivery={shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}

const marks = {
  succeeded: ['success', Check],
  failed: ['danger', X],
  waiting: ['info', Clock],
} as const satisfies Record<DeliveryStatus, readonly [string, unknown]>;

function Status({ status }: { status: DeliveryStatus }) {
  const { t } = useTranslation();
  const [tone, icon] = marks[status];
  return (
    <Pill tone={tone} icon={icon}>
      {t(`developers.endpoints.delivery.${status}`)}
    </Pill>
  );
}

function useColumns(onShow: (delivery: EndpointDelivery) => void) {
  const { t } = useTranslation();
  const { exact, number, when } = useFormat();
  return [
    {
      head: t('developers.endpoints.event'),
      look: 'wide small-full',
      cell: (delivery: EndpointDelivery) => (
        <button type="button" className="link" onClick={() => onShow(delivery)}>
          <code dir="ltr">{delivery.event_type}</code>
        </button>
      ),
    },
    { head: t('developers.endpoints.state'), cell: ({ status }: EndpointDelivery) => <Status status={status} /> },
    {
      head: t('developers.endpoints.answer'),
      cell: ({ http_status: status, error }: EndpointDelivery) =>
        status === null ? (
          error && <span className="text-muted">{t(`developers.endpoints.error.${error}`)}</span>
        ) : (
          <HttpStatus status={status} />
        ),
    },
    {
      head: t('developers.endpoints.attempts'),
      end: true,
      look: 'num text-muted',
      cell: ({ attempt_count: count }: EndpointDelivery) => number(count),
    },
    {
      head: t('developers.endpoints.queued'),
      end: true,
      look: 'text-muted',
      title: ({ created_at }: EndpointDelivery) => exact(created_at),
      cell: ({ created_at }: EndpointDelivery) => when(created_at),
    },
  ];
}

function DeliveryDialog({ delivery, onClose }: { delivery: EndpointDelivery; onClose: () => void }) {
  const { t } = useTranslation();
  const mayManage = useMay('endpoints.manage');
  const { endpoint_id: id } = delivery;
  const query = useQuery(deliveryQuery(id, delivery.id));
  const resend = useAction({ ...resendDelivery, done: t('developers.endpoints.resent'), onDone: onClose });
  const footer = mayManage && (
    <Button
      kind="primary"
      icon={RotateCcw}
      busy={resend.isPending}
      onClick={() => resend.mutate({ id, delivery: delivery.id })}
    >
      {t('developers.endpoints.resend')}
    </Button>
  );
  return (
    <Dialog open wide onClose={onClose} title={delivery.event_type} footer={footer}>
      <Answer query={query} failed={t('developers.endpoints.deliveriesFailed')} skeleton={<SkeletonLines />}>
        {shown => <Shown delivery={shown} />}
      </Answer>
    </Dialog>
  );
}

function Shown({ delivery }: { delivery: ShownEndpointDelivery }) {
  const { t } = useTranslation();
  const { exact, number, precise } = useFormat();
  const { attempts, event } = delivery;
  const last = attempts.findLast(({ excerpt }) => excerpt !== null && excerpt !== '');
  return (
    <div className="grid gap-4 text-text">
      <ol className="grid gap-2">
        {attempts.map(({ number: place, started_at: at, http_status: status, error, duration_ms: took }) => (
          <li key={place} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13">
            <bdi dir="ltr" className="num text-muted" title={exact(at)}>
              {precise(at)}
            </bdi>
            {status !== null && <HttpStatus status={status} />}
            {error && <span>{t(`developers.endpoints.error.${error}`)}</span>}
            <span className="num text-muted">{t('developers.ms', { number: number(took) })}</span>
          </li>
        ))}
      </ol>
      {attempts.length === 0 && <p className="text-muted">{t('developers.endpoints.noAttempt')}</p>}
      {event === null ? (
        <p className="text-muted">{t('developers.endpoints.error.event_gone')}</p>
      ) : (
        <CodeBlock
          tabs={{
            [t('developers.endpoints.body')]: JSON.stringify(event, undefined, 2),
            ...(last && { [t('developers.endpoints.answer')]: last.excerpt ?? '' }),
          }}
        />
      )}
    </div>
  );
}
