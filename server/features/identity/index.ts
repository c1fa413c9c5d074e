// Identity: contacts that turn out to be one person become one contact.
export { mergeDueContacts } from './merge-store.ts';
export { identityRoutes } from './routes.ts';
export { followUserIds } from './user-ids.ts';
