// Wall views: figures for a screen that a team hangs up, opened by a link of their own.
export { wallViewErrors } from './errors.ts';
export { wallViewRoutes } from './routes.ts';
