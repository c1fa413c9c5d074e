// Templates: messages that WhatsApp approves, their states, and what is sent with them.
export { type TemplateChecks, templateChecks } from './check.ts';
export { templateErrors } from './errors.ts';
export { templateRoutes } from './routes.ts';
export { seedTemplates } from './sandbox.ts';
