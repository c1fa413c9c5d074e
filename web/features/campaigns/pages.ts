// The pages of this feature, and what else the frame of the app needs of it.
import { Megaphone } from 'lucide-react';
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { campaignSearch, campaignsSearch } from './search.ts';

export const campaignsPage = page({
  path: '/campaigns',
  permission: 'campaigns.read',
  search: campaignsSearch,
  entry: { name: 'campaigns', icon: Megaphone, hotkey: 'goCampaigns' },
  component: lazyPart(() => withTexts('campaigns', import('./list/page.tsx')), 'CampaignsPage'),
});

export const newCampaignPage = page({
  path: '/campaigns/new',
  permission: 'campaigns.manage',
  component: lazyPart(() => withTexts('campaigns', import('./edit/new-page.tsx')), 'NewCampaignPage'),
});

export const campaignPage = page({
  path: '/campaigns/$campaignId',
  permission: 'campaigns.read',
  search: campaignSearch,
  component: lazyPart(() => withTexts('campaigns', import('./one/page.tsx')), 'CampaignPage'),
});

export const editCampaignPage = page({
  path: '/campaigns/$campaignId/edit',
  permission: 'campaigns.manage',
  component: lazyPart(() => withTexts('campaigns', import('./edit/page.tsx')), 'EditCampaignPage'),
});

export const campaignApprovalPage = page({
  path: '/campaigns/$campaignId/approval',
  permission: 'campaigns.read',
  component: lazyPart(() => withTexts('campaigns', import('./approval/page.tsx')), 'CampaignApprovalPage'),
});
