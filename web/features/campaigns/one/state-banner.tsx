// Why a campaign stands still, and what follows from it.
import type { Campaign } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { Progress } from '../../../components/gauge.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { askForApproval } from '../../../data/campaigns.ts';
import { useMay, useMe } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { DecideBanner } from './decide-banner.tsx';
import { outgrownOf } from './figures.ts';
import { WaitingBanner } from './waiting-banner.tsx';

export function StateBanner({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { number, moment, when } = useFormat();
  const { state, reason, note, counts, approval, progress } = campaign;
  const waiting = counts?.waiting ?? 0;
  const said = note !== null && (
    <>
      {' '}
      <bdi>“{note}”</bdi>
    </>
  );
  if (state === 'draft' && approval.asked_by) return <Approval campaign={campaign} />;
  if (state === 'missed')
    return (
      <Banner tone="warning" title={t('campaigns.missedTitle')}>
        {t('campaigns.missedWords')}
      </Banner>
    );
  if (state === 'preparing') return <Preparing progress={progress} />;
  if (state === 'paused')
    return (
      <Banner tone="quiet" title={t('campaigns.pausedTitle', { count: waiting, number: number(waiting) })}>
        {t('campaigns.pausedWords', { when: when(campaign.state_at) })}
        {said}
      </Banner>
    );
  const outgrown = outgrownOf(campaign);
  if (outgrown) return <Outgrown campaign={campaign} {...outgrown} />;
  if (state === 'held' && reason)
    return (
      <Banner tone="warning" title={t(`campaigns.reason.${reason.code}`)}>
        <span lang="en" dir="ltr">
          {reason.detail}
        </span>{' '}
        {reason.until !== null && t('campaigns.goesOn', { when: moment(new Date(reason.until)).words })}
      </Banner>
    );
  if (state === 'running' && campaign.waiting) return <WaitingBanner waiting={campaign.waiting} />;
  if (state === 'done' && counts && counts.unknown > 0)
    return <DecideBanner id={campaign.id} unknown={counts.unknown} />;
  if (state === 'cancelled')
    return (
      <Banner tone="quiet" title={t('campaigns.cancelledTitle', { count: counts?.cancelled ?? 0 })}>
        {t('campaigns.cancelledWords')}
        {said}
      </Banner>
    );
  return null;
}

/** Whose turn it is: somebody asked, and perhaps somebody agreed. */
function Approval({ campaign: { approval } }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { when } = useFormat();
  const me = useMe();
  const { asked_by: asker, asked_at: at, approved_by: approver, approved_at: approvedAt } = approval;
  const name = (who: typeof asker) => who?.name ?? t('campaigns.somebody');
  if (approver)
    return (
      <Banner tone="info" title={t('campaigns.approvedTitle', { name: name(approver) })}>
        {t('campaigns.approvedWords', { when: when(approvedAt ?? '') })}
      </Banner>
    );
  return (
    <Banner tone="info" title={t('campaigns.askedTitle', { name: name(asker), when: when(at ?? '') })}>
      {t(asker !== null && asker.id === me.person?.id ? 'campaigns.askedMine' : 'campaigns.askedWords')}
    </Banner>
  );
}

/** The list of a held campaign has more people than the approval. */
function Outgrown({ campaign, people, approved }: { campaign: Campaign; people: number; approved: number }) {
  const { t } = useTranslation();
  const { number, when } = useFormat();
  const may = useMay('campaigns.manage');
  const askAgain = useAction({ ...askForApproval, done: t('campaigns.asked') });
  const { asked_by: asker, asked_at: at } = campaign.approval;
  // The request before the approval stands there too.
  const isAsked = at !== null && at > campaign.state_at;
  const button = (
    <Button kind="line" size="small" busy={askAgain.isPending} onClick={() => askAgain.mutate({ id: campaign.id })}>
      {t('campaigns.approval.askAgain')}
    </Button>
  );
  return (
    <Banner
      tone="warning"
      title={t('campaigns.approval.grownTitle', { people: number(people), approved: number(approved) })}
      action={may && !isAsked && button}
    >
      {t('campaigns.approval.grownWords')}{' '}
      {isAsked && t('campaigns.askedTitle', { name: asker?.name ?? t('campaigns.somebody'), when: when(at ?? '') })}
    </Banner>
  );
}

function Preparing({ progress }: Pick<Campaign, 'progress'>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const looked = progress?.looked_at ?? 0;
  const of = Math.max(looked, progress?.of ?? 0);
  return (
    <Card className="grid gap-2.5 p-4 md:p-5">
      <p className="num" role="status">
        {t('campaigns.preparing', { looked: number(looked), of: number(of) })}
      </p>
      <Progress share={of === 0 ? 0 : looked / of} label={t('campaigns.state.preparing')} />
    </Card>
  );
}
