// The errors of jobs on conversations.
import { jobUndoMinutes, mostInJob } from '@recado/contract';
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const jobErrors = {
  conversation_job_not_found: {
    status: 404,
    title: 'Job not found.',
    remedy: 'List your jobs with `GET /api/v1/conversation-jobs`.',
  },
  conversation_job_over: {
    status: 409,
    title: 'The job is over.',
    remedy: 'Undo it with `POST /api/v1/conversation-jobs/:id/undo`.',
  },
  conversation_job_not_undoable: {
    status: 409,
    title: `A job can be undone once, in the ${jobUndoMinutes} minutes after its end.`,
    remedy: 'Stop a job that runs, or start one that changes the conversations again.',
  },
  too_many_conversations: {
    status: 409,
    title: `A job has at most ${mostInJob} conversations.`,
    remedy: 'Narrow the filter, such as by account or state.',
  },
} as const satisfies ErrorTable;

export const problem = problems(jobErrors);
