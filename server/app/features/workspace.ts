import { workspaceRoutes } from '../../features/workspace/index.ts';
import type { Feature } from '../feature.ts';

export const workspace: Feature = { routes: (server, { process: { context } }) => workspaceRoutes(server, context) };
