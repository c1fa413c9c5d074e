// All campaigns: tabs by state, where their messages are, and when they send.
import type { Campaign } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Megaphone, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { Chip, Chips } from '../../../components/choose.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Stack } from '../../../components/stack.tsx';
import { Empty } from '../../../components/states.tsx';
import { campaignCountQuery, campaignsQuery } from '../../../data/campaigns.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { type ListTab, listTabs, tabStates } from '../search.ts';
import { gistOf, StatePill, stripOf, useWhenWords, waitsForApproval } from '../words.tsx';

export function CampaignsPage() {
  const { t } = useTranslation();
  const { tab } = useSearch({ from: '/inside/campaigns' });
  const mayManage = useMay('campaigns.manage');
  const list = useInfiniteQuery(campaignsQuery(tab && tabStates[tab]));
  const total = useQuery(campaignCountQuery(undefined)).data;
  const states = tab ? `{ state: ${JSON.stringify(tabStates[tab])} }` : '';
  const example = {
    method: 'GET',
    path: `/api/v1/campaigns${tab ? `?state=${tabStates[tab].join(',')}` : ''}`,
    sdk: `for await (const campaign of recado.campaigns.list(${states}))\n  console.log(campaign.name, campaign.state, campaign.counts);`,
  };
  const newOne = mayManage && (
    <Link to="/campaigns/new" className={buttonLook('primary')}>
      <Plus size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
      {t('campaigns.new')}
    </Link>
  );
  return (
    <ListPage
      title={t('nav.campaigns')}
      example={example}
      buttons={newOne}
      before={total !== 0 && <Tabs chosen={tab} />}
      list={list}
      label={t('nav.campaigns')}
      failed={t('campaigns.failed')}
      skeletonRows={5}
      columns={useColumns()}
      isOff={({ state }) => state === 'cancelled'}
      empty={
        total === 0 || tab === undefined ? (
          <Empty icon={Megaphone} title={t('campaigns.empty')}>
            {t('campaigns.emptyWords')}
          </Empty>
        ) : (
          <Empty icon={Megaphone} title={t('campaigns.nothing')}>
            {t('campaigns.nothingWords')}
          </Empty>
        )
      }
    />
  );
}

function Tabs({ chosen }: { chosen: ListTab | undefined }) {
  const { t } = useTranslation();
  return (
    <Chips label={t('campaigns.filters')} isRow>
      <Tab tab={undefined} chosen={chosen} />
      {listTabs.map(tab => (
        <Tab key={tab} tab={tab} chosen={chosen} />
      ))}
    </Chips>
  );
}

function Tab({ tab, chosen }: { tab: ListTab | undefined; chosen: ListTab | undefined }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const navigate = useNavigate();
  const { data: count } = useQuery(campaignCountQuery(tab && tabStates[tab]));
  const shown = count === null ? `${number(10_000)}+` : count === undefined ? undefined : number(count);
  return (
    <Chip
      pressed={tab === chosen}
      count={shown}
      onClick={() => void navigate({ to: '/campaigns', search: { tab }, replace: true, resetScroll: false })}
    >
      {t(`campaigns.tab.${tab ?? 'all'}`)}
    </Chip>
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { number, percent, exact } = useFormat();
  const when = useWhenWords();
  return [
    { head: t('campaigns.campaign'), look: 'wide', cell: (campaign: Campaign) => <NameCell campaign={campaign} /> },
    { head: t('campaigns.status'), cell: (campaign: Campaign) => <StatePill campaign={campaign} /> },
    {
      head: t('campaigns.people'),
      end: true,
      look: 'small-hidden',
      cell: ({ counts }: Campaign) => counts && number(counts.people),
    },
    {
      head: t('campaigns.where'),
      look: 'small-full md:w-60 md:min-w-40',
      cell: (campaign: Campaign) => <Stack counts={stripOf(campaign)} />,
    },
    {
      head: t('stage.read'),
      end: true,
      look: 'small-hidden',
      cell: ({ counts }: Campaign) => counts !== null && counts.sent > 0 && percent(counts.read / counts.sent),
    },
    {
      head: t('campaigns.whenColumn'),
      end: true,
      look: 'text-muted',
      title: ({ state_at }: Campaign) => exact(state_at),
      cell: (campaign: Campaign) => when(campaign),
    },
  ];
}

function NameCell({ campaign }: { campaign: Campaign }) {
  const mayManage = useMay('campaigns.manage');
  const gist = gistOf(campaign);
  const params = { campaignId: campaign.id };
  const isWritten = campaign.state === 'draft' && mayManage && !waitsForApproval(campaign);
  const name = <bdi>{campaign.name}</bdi>;
  const look = 'cut block font-medium text-text hover:underline max-md:py-1';
  return (
    <span className="grid min-w-0">
      {isWritten ? (
        <Link to="/campaigns/$campaignId/edit" params={params} className={look}>
          {name}
        </Link>
      ) : (
        <Link to="/campaigns/$campaignId" params={params} className={look}>
          {name}
        </Link>
      )}
      {gist && 'template' in gist && <span className="cut font-mono text-muted">{gist.template}</span>}
      {gist && 'text' in gist && <bdi className="cut text-muted">{gist.text}</bdi>}
    </span>
  );
}
