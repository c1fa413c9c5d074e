import { transcriptRoutes } from '../../features/transcripts/index.ts';
import type { Feature } from '../feature.ts';

export const transcripts: Feature = {
  routes: (server, { process: { context } }) => transcriptRoutes(server, { db: context.db }),
};
