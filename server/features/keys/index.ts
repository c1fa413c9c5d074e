// API keys, which programs authenticate with.
export { keyCallers } from './callers.ts';
export { keyErrors } from './errors.ts';
export { keyRoutes } from './routes.ts';
export { keyRights } from './store.ts';
