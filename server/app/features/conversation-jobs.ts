import { deleteOldJobs, jobErrors, jobRoutes, runJobs } from '../../features/conversation-jobs/index.ts';
import { every, type Feature, hour } from '../feature.ts';

export const conversationJobs: Feature = {
  errors: { section: 'Conversation jobs', table: jobErrors },
  sweeps: process => {
    const { engineDb, clock } = process.context;
    return [() => runJobs(engineDb, clock.sqlNow), every(hour, process, () => deleteOldJobs(engineDb, clock.sqlNow()))];
  },
  routes(server, { process: { context } }) {
    jobRoutes(server, context);
  },
};
