// Campaigns: one message to many people, each exactly once.
export * from './approval.ts';
export * from './campaign.ts';
export * from './outlook.ts';
export * from './recipients.ts';
export * from './result.ts';
export * from './settings.ts';
