// One account: today's strip, its limits in use, what WhatsApp says of it, and its settings.
import type { Account, AccountQueue, Statistics } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useParams } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/code.tsx';
import { Gauge } from '../../../components/gauge.tsx';
import { Dot } from '../../../components/marks.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { Loading, SkeletonCard } from '../../../components/states.tsx';
import { Strip, totalOf, useShares } from '../../../components/strip.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { accountDayQuery, accountQuery, accountQueueQuery } from '../../../data/accounts.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { countsOfDay } from '../counts.ts';
import { isLinked } from '../link/words.ts';
import { healthOf, queuedOf, type Reason, useReason, useStatusWords } from '../reason.ts';
import { ReasonLine } from '../reason-line.tsx';
import { AccountMenu, usePause } from './account-menu.tsx';
import { CredentialsDialog } from './credentials-dialog.tsx';
import { LimitsForm } from './limits-form.tsx';
import { GoLink, SilenceBanner, UnlinkFoot } from './link-parts.tsx';
import { WhatsAppFacts } from './whatsapp-facts.tsx';

export function AccountPage() {
  const { t } = useTranslation();
  const { accountId } = useParams({ from: '/inside/accounts/$accountId' });
  const account = useQuery(accountQuery(accountId));
  const back = { to: '/accounts', label: t('accounts.back') } as const;
  return (
    <PageOfOne query={account} title={t('accounts.account')} back={back} failed={t('accounts.failedOne')}>
      {shown => <Shown account={shown} back={back} />}
    </PageOfOne>
  );
}

function Shown({ account, back }: { account: Account; back: { to: '/accounts'; label: string } }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mayManage = useMay('accounts.manage');
  const reasonOf = useReason();
  const pause = usePause(account);
  const queue = useQuery(accountQueueQuery(account.id)).data;
  const day = useQuery(accountDayQuery(account)).data;
  const reason = reasonOf(account, queue);
  const isDrawn = day !== undefined && queue !== undefined;
  const { hash } = useLocation();
  // The address names the limits, which move down while the parts above them are loading.
  useEffect(() => {
    if (isDrawn && hash === 'limits') document.getElementById(hash)?.scrollIntoView();
  }, [isDrawn, hash]);
  const example = {
    method: 'PATCH',
    path: `/api/v1/accounts/${account.id}`,
    body: { limits: { rate: account.limits.rate } },
    sdk: `await recado.accounts.update('${account.id}', {\n  limits: { rate: { messages: ${account.limits.rate.messages}, seconds: ${account.limits.rate.seconds} } },\n});\nawait recado.accounts.getQueue('${account.id}');`,
  };
  const actions = (
    <>
      {mayManage && pause.isPossible && (
        <Button kind="line" icon={pause.isRunning ? Pause : Play} busy={pause.isPending} onClick={() => pause.mutate()}>
          {t(pause.isRunning ? 'accounts.pause' : 'accounts.resume')}
        </Button>
      )}
      {mayManage && account.link && !isLinked(account.link) && <GoLink account={account} link={account.link} />}
      <AccountMenu account={account} inPage />
    </>
  );
  return (
    <Page title={account.name} back={back} example={example} actions={actions}>
      <MetaLine account={account} />
      {reason.tone === 'danger' || reason.tone === 'warning' ? (
        <Banner tone={reason.tone} title={reason.text} action={<Remedy account={account} reason={reason} />} />
      ) : (
        <SilenceBanner account={account} />
      )}
      {day && queue ? (
        <Today account={account} day={day} queue={queue}>
          {reason.tone !== 'danger' && reason.tone !== 'warning' && <ReasonLine account={account} reason={reason} />}
        </Today>
      ) : (
        <Loading>
          <SkeletonCard className="h-44" />
        </Loading>
      )}
      <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
        <LimitsInUse account={account} queue={queue} />
        <Card className="lg:col-span-4">
          <CardHead title={t('accounts.whatsAppSays')} />
          <CardBody>
            <WhatsAppFacts account={account} />
          </CardBody>
          {account.link && isLinked(account.link) && mayManage && <UnlinkFoot account={account} />}
        </Card>
      </div>
      {mayManage && <LimitsForm account={account} />}
      {!mayManage && (
        <p className="text-13 text-muted">{t('accounts.readOnly', { count: number(account.counters.called) })}</p>
      )}
    </Page>
  );
}

/** What leads to the end of a trouble, unless the head of the page has the button. */
function Remedy({ account, reason }: { account: Account; reason: Reason }) {
  const { t } = useTranslation();
  const mayManage = useMay('accounts.manage');
  const [isSaving, setSaving] = useState(false);
  if (reason.action === 'decide')
    return (
      <Link to="/queue" search={{ status: 'unknown', account: account.id }}>
        {t('reason.decide')}
      </Link>
    );
  if (!mayManage || reason.action !== 'credentials') return null;
  return (
    <>
      <button type="button" onClick={() => setSaving(true)}>
        {t('accounts.newToken')}
      </button>
      {isSaving && <CredentialsDialog account={account} onClose={() => setSaving(false)} />}
    </>
  );
}

interface TodayProps {
  account: Account;
  day: Statistics;
  queue: AccountQueue;
  children: ReactNode;
}

function Today({ account, day, queue, children }: TodayProps) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const counts = countsOfDay(day, queue);
  const total = totalOf(counts);
  const shares = useShares(counts, day.sent);
  return (
    <Card>
      <CardHead title={t('accounts.todayCount', { count: total })} />
      <CardBody>
        <Strip
          counts={counts}
          label={t('accounts.today', { name: account.name })}
          sub={{
            ...shares,
            waiting:
              queue.oldest_seconds === null
                ? t('accounts.noneDue')
                : t('accounts.oldest', { time: duration(queue.oldest_seconds) }),
            sending: t('limits.rateWords', {
              count: account.effective_limits.rate.messages,
              seconds: duration(account.effective_limits.rate.seconds),
            }),
          }}
        />
      </CardBody>
      {children}
    </Card>
  );
}

function MetaLine({ account }: { account: Account }) {
  const { t } = useTranslation();
  const statusOf = useStatusWords();
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1.5 text-muted md:-mt-2">
      <span className="flex items-center gap-2">
        <Dot health={healthOf(account)} />
        {statusOf(account)}
      </span>
      {account.phone !== null && <bdi className="num">{phoneToRead(account.phone)}</bdi>}
      <span>{t(`channel.${account.channel}`)}</span>
      <bdi>{account.time_zone}</bdi>
      <span className="flex items-center gap-1">
        <code className="text-12">{account.id}</code>
        <CopyButton text={account.id} label={t('accounts.copyId')} />
      </span>
    </div>
  );
}

function LimitsInUse({ account, queue }: { account: Account; queue: AccountQueue | undefined }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const { limits, effective_limits: effective } = account;
  return (
    <Card className="lg:col-span-8">
      <CardHead title={t('limits.inUse')} />
      <CardBody className="grid gap-x-8 gap-y-5 md:grid-cols-2">
        <Gauge label={t('gauge.day')} used={account.counters.called_today} limit={limits.per_day} />
        <Gauge
          label={t('gauge.rate', { seconds: duration(effective.rate.seconds) })}
          mild
          used={queue?.sent_in_window}
          limit={effective.rate.messages}
        />
        <Gauge label={t('gauge.queue')} used={queue && queuedOf(queue) + queue.scheduled} limit={limits.max_queued} />
        <Gauge mild label={t('gauge.parallel')} used={queue?.sending} limit={limits.concurrency} />
      </CardBody>
    </Card>
  );
}
