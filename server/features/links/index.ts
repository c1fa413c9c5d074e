// Links of accounts of WhatsApp Web to phones.
export { linkErrors } from './errors.ts';
export { endLink, findLinkedAt, prepareLink, retryLink } from './link-store.ts';
export { linkRoutes } from './routes.ts';
