// The errors of links.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const linkErrors = {
  not_linkable: {
    status: 409,
    title: 'The account is not linked to a phone.',
    remedy: 'Only accounts of the channel `web` are. Use one of them.',
  },
  consent_required: {
    status: 409,
    title: 'Nobody has accepted the risks of an unofficial program.',
    remedy: 'Read the text in `detail`. If you accept the risks, repeat the request with `accept_risks: true`.',
  },
  already_linked: {
    status: 409,
    title: 'The account is linked to a phone.',
    remedy: 'To link another phone, unlink this one first with `POST /api/v1/accounts/:id/unlink`.',
  },
  too_many_links: {
    status: 429,
    title: 'The link of this account was started five times in ten minutes.',
    remedy: 'Repeat after the seconds in `Retry-After`. WhatsApp bans numbers and addresses that ask too often.',
  },
  no_code: {
    status: 404,
    title: 'There is no code at the moment.',
    remedy: 'Start with `POST /api/v1/accounts/:id/link`. The first code comes within seconds.',
  },
  no_gateway: {
    status: 503,
    title: 'No process can hold the connection to WhatsApp.',
    remedy: 'The operator starts a process with the role `gateway` in `ROLES`.',
  },
} as const satisfies ErrorTable;

export const problem = problems(linkErrors);
