// Campaigns: one message to many people, each exactly once.
export { approvalRoutes } from './approval-routes.ts';
export { approvingPeople, type WaitingCampaign, waitingCampaigns } from './approval-store.ts';
export { foldCounts } from './counts-store.ts';
export { campaignErrors } from './errors.ts';
export { campaignHooks } from './hooks-store.ts';
export { campaignLane } from './lane.ts';
export { previewRoutes } from './preview-routes.ts';
export { recipientRoutes } from './recipient-routes.ts';
export { campaignsOf, keptInLists } from './recipients-store.ts';
export { resultRoutes } from './result-routes.ts';
export { campaignRoutes } from './routes.ts';
export { ruleRoutes } from './rules-routes.ts';
export { holdRestoredCampaigns } from './store.ts';
