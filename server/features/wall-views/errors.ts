// The errors of wall views.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const wallViewErrors = {
  wall_view_not_found: {
    status: 404,
    title: 'Wall view not found.',
    remedy: 'List the wall views with `GET /api/v1/wall-views`. A link stops working when its wall view is revoked.',
  },
  too_many_wall_views: {
    status: 409,
    title: 'The workspace has 100 wall views.',
    remedy: 'Revoke one that no screen shows.',
  },
} as const satisfies ErrorTable;

export const problem = problems(wallViewErrors);
