// Privacy: a person exported, and erased with a receipt.
export { privacyErrors } from './errors.ts';
export { privacyRoutes } from './routes.ts';
