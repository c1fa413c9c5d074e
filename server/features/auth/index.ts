// People and sessions: the first owner, login, and who is calling.
export { personCallers } from './callers.ts';
export { type CookieSessions, cookieSessions } from './cookies.ts';
export { authErrors } from './errors.ts';
export { meRoutes } from './me-routes.ts';
export { authRoutes } from './routes.ts';
export { offerSetup, setUpUnattended } from './set-up.ts';
export { personName } from './store.ts';
export { type AccessTokens, accessTokens, type TokenSubject } from './tokens.ts';
