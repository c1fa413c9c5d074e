// Templates: messages that WhatsApp approves, their states, and what is sent with them.
export { type TemplateChecks, templateChecks } from './check.ts';
export { codeMessage } from './code.ts';
export { templateErrors } from './errors.ts';
export { templateHooks } from './hooks.ts';
export { marketingRoutes } from './marketing.ts';
export { templateNotices } from './notices.ts';
export { applyTemplateStates, holdPaused, notePaused, type QueueNeeds } from './queue.ts';
export { templateRoutes } from './routes.ts';
export { sampleValues } from './samples.ts';
export { templatesNamed } from './store.ts';
export { readNewTemplates, type ScheduledSync, type SyncNeeds, scheduledSync } from './sync.ts';
export { templateTrouble } from './trouble.ts';
