// People and sessions: the first owner, login, and who is calling.
export { authErrors } from './errors.ts';
export { authRoutes } from './routes.ts';
export { offerSetup, setUpUnattended } from './set-up.ts';
export { personName } from './store.ts';
export { type AccessTokens, accessTokens } from './tokens.ts';
