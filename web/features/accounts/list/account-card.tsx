// One account: status, today's strip, its limits, and why it sends or does not.
import type { Account } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { QrCode } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Gauge } from '../../../components/gauge.tsx';
import { Dot, Pill } from '../../../components/marks.tsx';
import { Skeleton } from '../../../components/states.tsx';
import { Strip } from '../../../components/strip.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { accountDayQuery, accountQueueQuery, useListed } from '../../../data/accounts.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { AccountMenu } from '../account/account-menu.tsx';
import { countsOfDay } from '../counts.ts';
import { healthOf, qualityOf, queuedOf, useReason, useStatusWords } from '../reason.ts';
import { ReasonLine } from '../reason-line.tsx';

export function AccountCard({ listed }: { listed: Account }) {
  const { t } = useTranslation();
  const account = useListed(listed);
  const reasonOf = useReason();
  const statusOf = useStatusWords();
  const queue = useQuery(accountQueueQuery(account.id)).data;
  const day = useQuery(accountDayQuery(account)).data;
  const quality = qualityOf(account);
  const channel = t(`channel.${account.channel}`);
  return (
    <Card aria-label={account.name}>
      <div className="flex items-center gap-3 py-3.5 ps-4 pe-2 md:ps-5">
        <Dot health={healthOf(account)} />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-2">
            <Link
              to="/accounts/$accountId"
              params={{ accountId: account.id }}
              className="max-w-full min-w-0 rounded-badge font-strong hover:underline"
            >
              <bdi className="cut block">{account.name}</bdi>
            </Link>
            {account.name !== channel && (
              <Pill {...(account.capabilities.needs_session && { icon: QrCode })}>{channel}</Pill>
            )}
          </div>
          <bdi className="num block text-13 text-muted">
            {account.phone === null ? t('link.noPhone') : phoneToRead(account.phone)}
          </bdi>
        </div>
        <div className="text-end text-13 text-muted">
          {statusOf(account)}
          {quality && (
            <>
              <br />
              {t('accounts.quality', { quality: t(`quality.${quality}`) })}
            </>
          )}
        </div>
        <AccountMenu account={account} />
      </div>
      <div className="grid items-start gap-x-8 gap-y-4 px-4 pt-0.5 pb-4 md:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)_minmax(0,1fr)] md:px-5">
        {day && queue ? (
          <Strip small counts={countsOfDay(day, queue)} label={t('accounts.today', { name: account.name })} />
        ) : (
          <span className="flex h-11 items-center" aria-busy="true">
            <Skeleton className="h-2.5 w-full" />
          </span>
        )}
        <Gauge label={t('gauge.day')} used={account.counters.called_today} limit={account.limits.per_day} />
        <Gauge
          label={t('gauge.queue')}
          used={queue && queuedOf(queue) + queue.scheduled}
          limit={account.limits.max_queued}
        />
      </div>
      <ReasonLine account={account} reason={reasonOf(account, queue)} />
    </Card>
  );
}
