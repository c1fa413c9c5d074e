// The approval of a campaign: whom, which message and which cost it is for, who may give it, and the history.
import type { Campaign, CampaignApproval } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { Segments } from '../../../components/choose.tsx';
import { Area, Field } from '../../../components/field.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { Answer, SkeletonCard } from '../../../components/states.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import {
  approveCampaign,
  campaignApprovalQuery,
  campaignPreviewQuery,
  campaignQuery,
  refuseCampaign,
} from '../../../data/campaigns.ts';
import { useMay, useMe } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useErrorText } from '../../../kit/use-error-text.ts';
import { MessagePreview } from '../message-preview.tsx';
import { letters } from '../one/result.tsx';
import { OutlookCost } from '../outlook-cost.tsx';
import { StatePill, waitsForApproval } from '../words.tsx';
import { ChangesCard } from './changes.tsx';
import { ReachCard } from './reach.tsx';
import { SaidCard } from './said.tsx';

export function CampaignApprovalPage() {
  const { t } = useTranslation();
  const { campaignId } = useParams({ from: '/inside/campaigns/$campaignId/approval' });
  const campaign = useQuery(campaignQuery(campaignId));
  const back = {
    to: '/campaigns/$campaignId',
    params: { campaignId },
    label: t('campaigns.campaign'),
  } as const;
  return (
    <PageOfOne query={campaign} title={t('campaigns.approval.title')} back={back} failed={t('campaigns.failedOne')}>
      {shown => <Shown campaign={shown} back={back} />}
    </PageOfOne>
  );
}

interface ShownProps {
  campaign: Campaign;
  back: { to: '/campaigns/$campaignId'; params: { campaignId: string }; label: string };
}

function Shown({ campaign, back }: ShownProps) {
  const { t } = useTranslation();
  const approval = useQuery(campaignApprovalQuery(campaign.id, campaign.revision));
  const [note, setNote] = useState('');
  const example = {
    method: 'GET',
    path: `/api/v1/campaigns/${campaign.id}/approval`,
    sdk: `const approval = await recado.campaigns.getApproval('${campaign.id}');\nconsole.log(approval.people, approval.cost, approval.approvers);`,
  };
  return (
    <Page
      title={campaign.name}
      back={back}
      example={example}
      actions={
        approval.data && (
          <Answers campaign={campaign} approval={approval.data} note={note} reload={() => void approval.refetch()} />
        )
      }
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-muted">
        <StatePill campaign={campaign} />
        <span>{t('campaigns.approval.title')}</span>
      </div>
      <Answer query={approval} failed={t('campaigns.approval.failed')} skeleton={<SkeletonCard className="h-44" />}>
        {data => <Parts campaign={campaign} approval={data} note={note} onNote={setNote} />}
      </Answer>
    </Page>
  );
}

interface Props {
  campaign: Campaign;
  approval: CampaignApproval;
}

/** Why the person who reads the page may not approve; undefined for those who may. */
function useBar({ may, barred }: CampaignApproval): string | undefined {
  const { t } = useTranslation();
  const me = useMe();
  if (may) return undefined;
  const reasons = barred.find(({ id }) => id === me.person?.id)?.reasons ?? [];
  return reasons.length === 0
    ? t('campaigns.approval.noRight')
    : reasons.map(reason => t(`campaigns.approval.bar.${reason}`)).join(' ');
}

/** `reload`: reads the approval again, where the server counts more people than the page shows. */
function Answers({ campaign, approval, note, reload }: Props & { note: string; reload: () => void }) {
  const { t } = useTranslation();
  const bar = useBar(approval);
  const mayStart = useMay('campaigns.start');
  const { id, revision } = campaign;
  const approve = useAction({ ...approveCampaign, done: t('campaigns.approved') });
  const refuse = useAction({ ...refuseCampaign, done: t('campaigns.approval.refused') });
  if (!mayStart || !waitsForApproval(campaign)) return null;
  const { people } = approval;
  return (
    <>
      <Button kind="danger" busy={refuse.isPending} onClick={() => refuse.mutate({ id, note: note.trim() })}>
        {t(approval.may ? 'campaigns.approval.refuse' : 'campaigns.approval.takeBack')}
      </Button>
      <Button
        kind="primary"
        icon={Check}
        busy={approve.isPending}
        impossible={bar}
        onClick={() => approve.mutate({ id, revision, people }, { onError: reload })}
      >
        {t('campaigns.approval.approve', { count: people })}
      </Button>
    </>
  );
}

interface PartsProps extends Props {
  note: string;
  onNote: (note: string) => void;
}

function Parts({ campaign, approval, note, onNote }: PartsProps) {
  const { t } = useTranslation();
  const mayStart = useMay('campaigns.start');
  const waits = waitsForApproval(campaign);
  return (
    <>
      <Standing campaign={campaign} approval={approval} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-12">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-7">
          <ReachCard approval={approval} waits={waits} />
          {approval.changes && approval.changes.fields.length > 0 && <ChangesCard changes={approval.changes} />}
          <SaidCard said={approval.said} />
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-5">
          <CostCard approval={approval} />
          <LeavesCard campaign={campaign} />
          {waits && mayStart && (
            <Card>
              <CardBody className="grid gap-3 pt-4">
                <Field label={t('campaigns.approval.reason')} hint={t('campaigns.approval.reasonHint')}>
                  <Area rows={2} maxLength={500} value={note} onChange={({ target }) => onNote(target.value)} />
                </Field>
                <p className="text-13 text-muted">{t('campaigns.approval.rule')}</p>
              </CardBody>
            </Card>
          )}
        </div>
      </div>
    </>
  );
}

/** Whose turn it is, or why nobody's. */
function Standing({ campaign, approval }: Props) {
  const { t } = useTranslation();
  const { when, names, number } = useFormat();
  const bar = useBar(approval);
  const { approved_by: approver, approved_at: at, people } = campaign.approval;
  if (!waitsForApproval(campaign)) {
    if (approver && people !== null)
      return (
        <Banner tone="info" title={t('campaigns.approvedTitle', { name: approver.name ?? t('campaigns.somebody') })}>
          {t('campaigns.approval.approvedFor', { count: people, when: when(at ?? '') })}
        </Banner>
      );
    return (
      <Banner tone="quiet" title={t('campaigns.approval.notWaiting')}>
        {t(campaign.approval.needed ? 'campaigns.approval.askFirst' : 'campaigns.approval.notNeeded')}
      </Banner>
    );
  }
  const may = approval.approvers.map(({ name }) => name);
  const words =
    may.length === 0 ? t('campaigns.approval.nobodyMay') : t('campaigns.approval.mayBe', { names: names(may) });
  if (campaign.state === 'held')
    return (
      <Banner tone="warning" title={t('campaigns.approval.heldTitle', { count: approval.people })}>
        {people !== null && t('campaigns.approval.wasFor', { number: number(people) })} {bar ?? words}
      </Banner>
    );
  return bar === undefined ? null : (
    <Banner tone="info" title={bar}>
      {words}
    </Banner>
  );
}

function CostCard({ approval: { cost, above } }: { approval: CampaignApproval }) {
  const { t } = useTranslation();
  return (
    <Card>
      <CardHead title={t('campaigns.costCost')} />
      <CardBody className="grid gap-1">
        <p>
          {cost ? <OutlookCost cost={cost} /> : <span className="text-muted">{t('campaigns.approval.noCost')}</span>}
        </p>
        {above !== null && <p className="text-13 text-muted">{t('campaigns.approval.above', { count: above })}</p>}
      </CardBody>
    </Card>
  );
}

const picks = ['first', 'longest', 'emptiest'] as const;

function LeavesCard({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const [pick, setPick] = useState<(typeof picks)[number]>('first');
  const [variant, setVariant] = useState('0');
  const preview = useQuery(campaignPreviewQuery(campaign.id, campaign.revision, { pick, variant }));
  const failure = useErrorText(preview.error);
  return (
    <Card className="bg-canvas!">
      <CardHead title={t('campaigns.approval.leaves')} />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <div className="flex flex-wrap gap-2">
          <Segments
            label={t('campaigns.previewOf')}
            value={pick}
            options={picks.map(value => ({ value, label: t(`campaigns.pick.${value}`) }))}
            onChange={setPick}
          />
          {campaign.variants.length > 1 && (
            <Segments
              label={t('campaigns.variant')}
              value={variant}
              options={campaign.variants.map((_, place) => ({ value: String(place), label: letters[place] ?? '' }))}
              onChange={setVariant}
            />
          )}
        </div>
        {failure !== undefined && <p className="text-13 text-muted">{failure}</p>}
        {preview.data && failure === undefined && (
          <MessagePreview preview={preview.data} accountId={preview.data.account_id ?? campaign.account_ids[0]} />
        )}
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: campaign.id }}
          search={{ tab: 'settings' }}
          className="link text-13"
        >
          {t('campaigns.approval.allSettings')}
        </Link>
      </CardBody>
    </Card>
  );
}
