// One campaign: where its messages are, why it stands still, its people, replies and result.
import type { Campaign, CampaignResult } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TabLinks, tabLook } from '../../../components/choose.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { campaignQuery, campaignResultQuery } from '../../../data/campaigns.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { AccountNames } from '../../accounts/index.ts';
import { type CampaignTab, campaignTabs } from '../search.ts';
import { gistOf, StatePill, useWhenWords } from '../words.tsx';
import { Actions } from './actions.tsx';
import { Failures } from './failures.tsx';
import { PaceCard } from './pace.tsx';
import { PeoplePart } from './people.tsx';
import { RepliesPart } from './replies.tsx';
import { ResultPart } from './result.tsx';
import { SettingsPart } from './settings.tsx';
import { StateBanner } from './state-banner.tsx';
import { StripCard } from './strip-card.tsx';

export function CampaignPage() {
  const { t } = useTranslation();
  const { campaignId } = useParams({ from: '/inside/campaigns/$campaignId' });
  const campaign = useQuery(campaignQuery(campaignId));
  const back = { to: '/campaigns', label: t('campaigns.back') } as const;
  return (
    <PageOfOne query={campaign} title={t('campaigns.campaign')} back={back} failed={t('campaigns.failedOne')}>
      {shown => <Shown campaign={shown} back={back} />}
    </PageOfOne>
  );
}

const movingStates = new Set<Campaign['state']>(['preparing', 'running']);

function Shown({ campaign, back }: { campaign: Campaign; back: { to: '/campaigns'; label: string } }) {
  const { id, counts, state } = campaign;
  const isMoving = movingStates.has(state);
  const result = useQuery({ ...campaignResultQuery(id, isMoving), enabled: counts !== null }).data;
  const example = {
    method: 'GET',
    path: `/api/v1/campaigns/${id}`,
    sdk: `const campaign = await recado.campaigns.get('${id}');\nconsole.log(campaign.state, campaign.counts);\nconst result = await recado.campaigns.getResult('${id}');`,
  };
  return (
    <Page title={campaign.name} back={back} example={example} actions={<Actions campaign={campaign} result={result} />}>
      <Head campaign={campaign} />
      <StateBanner campaign={campaign} />
      {counts && <StripCard campaign={campaign} counts={counts} result={result} />}
      {counts && result && (result.minutes.length > 0 || result.left_out.length > 0) && (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-12">
          <PaceCard campaign={campaign} result={result} />
          <Failures campaign={campaign} result={result} />
        </div>
      )}
      {counts ? (
        <Parts campaign={campaign} result={result} isMoving={isMoving} />
      ) : (
        <SettingsPart campaign={campaign} />
      )}
    </Page>
  );
}

function Head({ campaign }: { campaign: Campaign }) {
  const when = useWhenWords();
  const { exact } = useFormat();
  const maySee = useMay('accounts.read');
  const gist = gistOf(campaign);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-muted">
      <StatePill campaign={campaign} />
      <span title={exact(campaign.state_at)}>{when(campaign)}</span>
      {maySee && campaign.account_ids.length > 0 && <AccountNames ids={campaign.account_ids} />}
      {gist && 'template' in gist && <span className="font-mono text-13">{gist.template}</span>}
    </div>
  );
}

interface PartsProps {
  campaign: Campaign;
  result: CampaignResult | undefined;
  isMoving: boolean;
}

function Parts({ campaign, result, isMoving }: PartsProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { tab = 'people' } = useSearch({ from: '/inside/campaigns/$campaignId' });
  const { counts } = campaign;
  const countOf: Partial<Record<CampaignTab, number>> = counts
    ? { people: counts.people + counts.left_out, replies: counts.replied }
    : {};
  return (
    <>
      <TabLinks label={t('campaigns.parts')}>
        {campaignTabs.map(each => {
          const count = countOf[each];
          return (
            <Link
              key={each}
              to="/campaigns/$campaignId"
              params={{ campaignId: campaign.id }}
              search={each === 'people' ? {} : { tab: each }}
              resetScroll={false}
              activeOptions={{ exact: true, includeSearch: true }}
              aria-current={each === tab ? 'page' : undefined}
              className={tabLook}
            >
              {t(`campaigns.part.${each}`)}
              {count !== undefined && <span className="num text-13 font-regular text-faint">{number(count)}</span>}
            </Link>
          );
        })}
      </TabLinks>
      {tab === 'people' && <PeoplePart campaign={campaign} result={result} isMoving={isMoving} />}
      {tab === 'replies' && <RepliesPart campaign={campaign} isMoving={isMoving} />}
      {tab === 'result' && <ResultPart campaign={campaign} result={result} />}
      {tab === 'settings' && <SettingsPart campaign={campaign} />}
    </>
  );
}
