// The errors of campaigns.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const campaignErrors = {
  campaign_not_found: {
    status: 404,
    title: 'Campaign not found.',
    remedy: 'List the campaigns with `GET /api/v1/campaigns`.',
  },
  campaign_changed: {
    status: 412,
    title: 'Somebody else changed the campaign meanwhile.',
    remedy: 'Read it again with `GET /api/v1/campaigns/{id}`, and repeat the change with its `revision` in `If-Match`.',
  },
  campaign_state: {
    status: 409,
    title: 'The state of the campaign does not allow this.',
    remedy: 'Read its state with `GET /api/v1/campaigns/{id}`.',
  },
  campaign_not_ready: {
    status: 409,
    title: 'The campaign cannot start yet.',
    remedy: 'Mend what `errors` names with `PATCH /api/v1/campaigns/{id}`.',
  },
  approval_needed: {
    status: 409,
    title: 'A second person must approve the campaign.',
    remedy:
      'Ask with `POST /api/v1/campaigns/{id}/ask`. `GET /api/v1/campaigns/{id}/approval` names in `approvers` who may approve.',
  },
  approval_by_same_person: {
    status: 409,
    title: 'The person who asked for the approval, or changed the campaign last, may not give it.',
    remedy: '`GET /api/v1/campaigns/{id}/approval` names in `approvers` the people who may.',
  },
  approval_by_key: {
    status: 403,
    title: 'An API key cannot approve a campaign.',
    remedy: 'A person approves it, logged in. `GET /api/v1/campaigns/{id}/approval` names in `approvers` who may.',
  },
  approval_outgrown: {
    status: 409,
    title: 'The campaign has more people than you approve.',
    remedy: 'Read `people` with `GET /api/v1/campaigns/{id}/approval`, and approve that number.',
  },
} as const satisfies ErrorTable;

export const problem = problems(campaignErrors);
