// What the workers do, and whether any does it.
import type { Queue } from '@recado/client';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Card, CardBody, CardHead } from '../../components/surfaces.tsx';
import { useFormat } from '../../kit/format.ts';

export function Lanes({ metrics }: { metrics: Queue | undefined }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <Card className="lg:col-span-4">
      <CardHead title={t('queue.workers')}>
        {metrics && <span className="num text-13 text-muted">{t('queue.alive', { count: metrics.workers })}</span>}
      </CardHead>
      <CardBody>
        <ul>
          {(metrics?.lanes ?? []).map(({ kind, due, problem }) => {
            const Icon = problem === null ? CircleCheck : CircleAlert;
            return (
              <li
                key={kind}
                className="flex flex-wrap items-center gap-x-2.5 border-b border-border py-2.5 last:border-0 last:pb-0"
              >
                <Icon
                  size={16}
                  strokeWidth={1.75}
                  className={problem === null ? 'text-success' : 'text-danger'}
                  aria-hidden="true"
                />
                <span className="flex-1">{t(`queue.lane.${kind}`)}</span>
                <span className="num text-13 text-muted">
                  {due === 0 ? t('queue.nothingDue') : t('queue.due', { count: due, shown: number(due) })}
                </span>
                {problem !== null && <p className="basis-full ps-6.5 text-13 text-danger">{t('queue.noWorker')}</p>}
              </li>
            );
          })}
        </ul>
      </CardBody>
    </Card>
  );
}
