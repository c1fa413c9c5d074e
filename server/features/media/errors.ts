// The refusals of media.
import { type ErrorTable, refusals } from '../../kit/errors.ts';

export const mediaErrors = {
  media_not_found: {
    status: 404,
    title: 'There is no such file.',
    remedy:
      'List the files with `GET /api/v1/media`. Those of another workspace are answered like ones that do not exist.',
  },
  media_not_stored: {
    status: 409,
    title: 'The file is not here.',
    remedy: 'Look at its `status`: a pending one is still being fetched, a failed or expired one did not come.',
  },
  media_not_fetched: {
    status: 409,
    title: 'There is nothing to fetch.',
    remedy: 'Only a file of a received message that is `failed` or `expired` can be fetched once more.',
  },
  media_in_use: {
    status: 409,
    title: 'A message that has not left yet needs this file.',
    remedy: 'Cancel the message, or delete the file when the message has left.',
  },
  media_empty: {
    status: 400,
    title: 'The file is empty.',
    remedy: 'Send a file with at least one byte.',
  },
  media_too_large: {
    status: 413,
    title: 'The file is too large.',
    remedy:
      'Send a smaller one, or name another `kind`: WhatsApp takes images of 5 MB, audio and video of 16 MB, stickers of 500 KB and documents of 100 MB. The server takes no more than `AWS_S3_MAX_FILE_SIZE`.',
  },
  media_type_not_allowed: {
    status: 400,
    title: 'A file of this type cannot be sent as this kind.',
    remedy:
      'See the types of each `kind` at `GET /api/v1/media/capabilities`; put what WhatsApp does not take into one that it takes, such as a PDF.',
  },
  media_quota_exceeded: {
    status: 507,
    title: 'The workspace has no room for this file.',
    remedy: 'Delete files that are not needed, or ask the operator to raise `MEDIA_QUOTA`.',
  },
  media_store_unavailable: {
    status: 503,
    title: 'The store of files cannot be reached at the moment.',
    remedy: 'Repeat the request after the seconds of `Retry-After`, with the same Idempotency-Key.',
  },
  media_store_busy: {
    status: 503,
    title: 'Too many files are on their way to or from the store.',
    remedy:
      'Repeat the request after the seconds of `Retry-After`, with the same Idempotency-Key; read what was asked for before, or less at once.',
  },
  media_store_refuses: {
    status: 502,
    title: 'The store of files refuses the server.',
    remedy: 'The operator has to look at the keys and rights of the store; the log of the server tells more.',
  },
  media_store_full: {
    status: 507,
    title: 'The store of files is full.',
    remedy: 'The operator has to make room in the store; then repeat the request.',
  },
  media_lost: {
    status: 410,
    title: 'The file is not in its store any more.',
    remedy: 'Somebody removed it there. The operator can find such files with `npx recado media check`.',
  },
  media_link_expired: {
    status: 410,
    title: 'This link is over.',
    remedy: 'Ask for a new one with `POST /api/v1/media/{id}/link`.',
  },
  range_not_satisfiable: {
    status: 416,
    title: 'The file does not have this range.',
    remedy: 'Ask for one range that begins within the file, or leave out `Range`.',
  },
  link_refused: {
    status: 400,
    title: 'This link is not followed.',
    remedy:
      'Give a whole https link to a public address, or ask the operator to name its host in `MEDIA_ALLOWED_HOSTS`.',
  },
  link_unreachable: {
    status: 400,
    title: 'The link gave no file.',
    remedy: 'Check that the link answers with status 200 and the whole file within a minute, and repeat the request.',
  },
  link_too_large: {
    status: 413,
    title: 'The file of the link is too large.',
    remedy: 'Give a link to a smaller file; the limits are those of an upload.',
  },
} as const satisfies ErrorTable;

export const refuse = refusals(mediaErrors);
