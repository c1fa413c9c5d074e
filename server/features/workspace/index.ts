// The workspace: its name and its message retention.
export { workspaceRoutes } from './routes.ts';
