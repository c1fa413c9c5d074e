import { auditRoutes } from '../../features/audit/index.ts';
import type { Feature } from '../feature.ts';

export const audit: Feature = { routes: (server, { process: { context } }) => auditRoutes(server, context) };
