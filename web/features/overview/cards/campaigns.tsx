// The campaigns that are under way, and where their messages are.
import type { Campaign } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Answer, SkeletonLines } from '../../../components/states.tsx';
import { Strip } from '../../../components/strip.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { campaignsQuery } from '../../../data/campaigns.ts';
import { stripOf, tabStates, useWhenWords } from '../../campaigns/index.ts';

/** The newest ones. */
const shown = 4;

export function CampaignsCard() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(campaignsQuery(tabStates.active));
  return (
    <Card aria-label={t('overview.campaigns')} className="lg:col-span-5">
      <CardHead title={t('overview.campaigns')}>
        <Link to="/campaigns" className="link text-13">
          {t('overview.all')}
        </Link>
      </CardHead>
      <CardBody className="grid gap-6">
        <Answer query={query} failed={t('campaigns.failed')} skeleton={<SkeletonLines />}>
          {({ rows }) =>
            rows.length === 0 ? (
              <p className="text-13 text-muted">{t('overview.noCampaign')}</p>
            ) : (
              rows.slice(0, shown).map(campaign => <Row key={campaign.id} campaign={campaign} />)
            )
          }
        </Answer>
      </CardBody>
    </Card>
  );
}

function Row({ campaign }: { campaign: Campaign }) {
  const whenOf = useWhenWords();
  const counts = stripOf(campaign);
  return (
    <div className="grid gap-2">
      <div className="flex items-baseline justify-between gap-3">
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: campaign.id }}
          className="cut rounded-badge font-medium hover:underline"
        >
          <bdi>{campaign.name}</bdi>
        </Link>
        <span className="text-13 text-muted">{whenOf(campaign)}</span>
      </div>
      {counts && <Strip small counts={counts} label={campaign.name} />}
    </div>
  );
}
