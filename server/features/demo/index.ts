// Demo data, in one request, and gone in one.
export { demoErrors } from './errors.ts';
export { demoRoutes } from './routes.ts';
