// The people whom an approval is for: the audience, the people who are left out, and the rest.
import type { CampaignApproval } from '@recado/client';
import { LockKeyhole } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Pill } from '../../../components/marks.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useTextOr } from '../../../kit/text-or.ts';

const row = 'flex items-baseline justify-between gap-4 border-b border-border py-2';

export function ReachCard({ approval, waits }: { approval: CampaignApproval; waits: boolean }) {
  const { t } = useTranslation();
  const { number, when } = useFormat();
  const { tOr } = useTextOr();
  const { people, complete, audience, left_out: leftOut, frozen_at: frozenAt, tolerance } = approval;
  return (
    <Card>
      <CardHead title={t('campaigns.approval.who')}>
        {frozenAt !== null && (
          <Pill tone="neutral" icon={LockKeyhole}>
            {t('campaigns.approval.frozen', { when: when(frozenAt) })}
          </Pill>
        )}
      </CardHead>
      <CardBody className="grid gap-2.5">
        <ul className="text-13">
          {complete && (
            <li className={row}>
              <span>{t('campaigns.approval.audience')}</span>
              <span className="num">{number(audience)}</span>
            </li>
          )}
          {complete &&
            leftOut.map(({ value, people: count }) => (
              <li key={value} className={row}>
                <span>{tOr(`campaigns.leftOut.${value}`, value)}</span>
                <span className="num">{number(-count)}</span>
              </li>
            ))}
          <li className="flex items-baseline justify-between gap-4 py-2 font-strong">
            <span>{t(complete ? 'campaigns.approval.getIt' : 'campaigns.approval.atMost')}</span>
            <span className="num">{number(people)}</span>
          </li>
        </ul>
        {waits && (
          <p className="text-13 text-muted">
            {t(frozenAt === null ? 'campaigns.approval.tolerance' : 'campaigns.approval.forThese', {
              count: people,
              percent: number(tolerance),
            })}
          </p>
        )}
      </CardBody>
    </Card>
  );
}
