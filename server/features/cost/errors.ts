// The errors of cost.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const costErrors = {
  rate_card_not_found: {
    status: 404,
    title: 'Rate card not found.',
    remedy: 'List the rate cards with `GET /api/v1/cost/cards`.',
  },
  rate_card_unreadable: {
    status: 400,
    title: 'The file is not a rate card.',
    remedy: 'Download the CSV file of rates from the pricing page of WhatsApp, and send it unchanged.',
  },
  currency_differs: {
    status: 409,
    title: 'The workspace counts in another currency.',
    remedy: 'Download the rate card in the currency of the workspace, which `GET /api/v1/cost/settings` names.',
  },
  rate_jumped: {
    status: 409,
    title: 'A rate is three times what it was, or a third.',
    remedy: 'Look at the file. Where it is right, repeat with `{"accept_odd": true}`.',
  },
  rate_card_used: {
    status: 409,
    title: 'The rate card is in use.',
    remedy: 'A card in use stays, as charges name it. Import a newer one.',
  },
} as const satisfies ErrorTable;

export const problem = problems(costErrors);
