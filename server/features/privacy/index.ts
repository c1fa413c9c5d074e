// Privacy: a person exported, and erased with a receipt; and messages that go because they are old.
export { privacyErrors } from './errors.ts';
export { messageForgetter } from './retention.ts';
export { privacyRoutes } from './routes.ts';
