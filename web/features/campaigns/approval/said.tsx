// The questions, approvals, refusals and changes of a campaign, the newest first.
import type { CampaignApproval } from '@recado/client';
import { Check, type LucideIcon, PencilLine, UserCheck, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';

type Said = CampaignApproval['said'][number];

const icons: Record<Said['kind'], LucideIcon> = { asked: UserCheck, approved: Check, refused: X, changed: PencilLine };

export function SaidCard({ said }: Pick<CampaignApproval, 'said'>) {
  const { t } = useTranslation();
  const { when, exact, money } = useFormat();
  return (
    <Card>
      <CardHead title={t('campaigns.approval.said')} />
      <CardBody>
        {said.length === 0 && <p className="text-13 text-muted">{t('campaigns.approval.nothingSaid')}</p>}
        <ol className="grid gap-3">
          {said.map(({ kind, by, at, people, cost, note }) => {
            const Icon = icons[kind];
            return (
              <li key={`${at} ${kind}`} className="flex items-start gap-2.5">
                <Icon size={16} strokeWidth={1.75} className="mt-0.5 flex-none text-muted" aria-hidden="true" />
                <div className="min-w-0 flex-1">
                  <b className="font-medium">
                    {t(`campaigns.approval.kind.${kind}`, { name: by?.name ?? t('campaigns.somebody') })}
                  </b>
                  {people !== null && (
                    <p className="text-13 text-muted">
                      {t('campaigns.approval.forPeople', { count: people })}
                      {cost && ` · ${t('campaigns.approval.upTo', { amount: money(cost.high, cost.currency) })}`}
                    </p>
                  )}
                  {note !== null && (
                    <p className="text-13 text-muted">
                      <bdi>“{note}”</bdi>
                    </p>
                  )}
                </div>
                <span className="num text-13 text-muted" title={exact(at)}>
                  {when(at)}
                </span>
              </li>
            );
          })}
        </ol>
      </CardBody>
    </Card>
  );
}
