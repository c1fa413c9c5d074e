// The workspace itself: its name, and how long its messages are kept.
export { workspaceRoutes } from './routes.ts';
