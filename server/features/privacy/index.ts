// Privacy: exports and erases a person, and deletes messages past their retention.
export { privacyErrors } from './errors.ts';
export { messageRetention } from './retention.ts';
export { retentionRoutes } from './retention-routes.ts';
export { privacyRoutes } from './routes.ts';
