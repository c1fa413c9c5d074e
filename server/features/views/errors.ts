// The errors of saved views.
import { mostSavedViews } from '@recado/contract';
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const viewErrors = {
  saved_view_not_found: {
    status: 404,
    title: 'Saved view not found.',
    remedy: 'List your views, those of your teams and those of the workspace with `GET /api/v1/saved-views`.',
  },
  too_many_saved_views: {
    status: 409,
    title: `There are ${mostSavedViews} saved views already.`,
    remedy: 'Delete one that nobody uses. Each person has as many, and so have each team and the workspace.',
  },
} as const satisfies ErrorTable;

export const problem = problems(viewErrors);
