// Views of conversations: how many each of them has, and those that somebody saved.
export { countRoute } from './count-route.ts';
export { viewErrors } from './errors.ts';
export { savedViewRoutes } from './routes.ts';
