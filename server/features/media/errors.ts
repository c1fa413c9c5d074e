// The errors of media.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const mediaErrors = {
  media_not_found: {
    status: 404,
    title: 'File not found.',
    remedy: 'List the files with `GET /api/v1/media`. A file of another workspace is not found.',
  },
  media_not_stored: {
    status: 409,
    title: 'The file is not available.',
    remedy: 'Check its `status`. pending: Recado is downloading it. failed, expired: see `error`.',
  },
  media_not_fetched: {
    status: 409,
    title: 'The file cannot be downloaded again.',
    remedy: 'Only a received file that is `failed` or `expired` can be downloaded again.',
  },
  media_in_use: {
    status: 409,
    title: 'A message that is not sent yet, a saved reply or a note needs this file.',
    remedy:
      'Cancel the message, or delete the file after the message is sent. Take it off the saved reply or the note.',
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
      'Upload a smaller file, or use another `kind`. WhatsApp accepts images up to 5 MB, audio and video up to 16 MB, stickers up to 500 KB and documents up to 100 MB. The server accepts up to `AWS_S3_MAX_FILE_SIZE`.',
  },
  media_type_not_allowed: {
    status: 400,
    title: 'A file of this type cannot be sent as this kind.',
    remedy:
      'See `GET /api/v1/media/capabilities` for the types of each `kind`. Convert other files, for example to PDF.',
  },
  media_quota_exceeded: {
    status: 507,
    title: 'The workspace has no storage left for this file.',
    remedy: 'Delete unused files, or ask the operator to raise `MEDIA_QUOTA`.',
  },
  media_store_unavailable: {
    status: 503,
    title: 'The file store is unavailable.',
    remedy: 'Repeat the request after the seconds in `Retry-After`, with the same Idempotency-Key.',
  },
  media_store_busy: {
    status: 503,
    title: 'Too many file transfers are in progress.',
    remedy:
      'Repeat the request after the seconds in `Retry-After`, with the same Idempotency-Key. Transfer fewer files at once.',
  },
  media_store_rejects: {
    status: 502,
    title: 'The file store rejected the server.',
    remedy: 'The operator must check the keys and permissions of the store. The log of the server has details.',
  },
  media_store_full: {
    status: 507,
    title: 'The file store is full.',
    remedy: 'The operator must free space in the store. Then repeat the request.',
  },
  media_lost: {
    status: 410,
    title: 'The file is missing from its store.',
    remedy: 'Somebody removed it there. The operator can list such files with `npx recado media check`.',
  },
  media_link_expired: {
    status: 410,
    title: 'The link has expired.',
    remedy: 'Create a new link with `POST /api/v1/media/{id}/link`.',
  },
  range_not_satisfiable: {
    status: 416,
    title: 'The file does not have this range.',
    remedy: 'Request one range that starts within the file, or omit `Range`.',
  },
  link_rejected: {
    status: 400,
    title: 'Recado does not follow this link.',
    remedy:
      'Use a complete https link to a public address, or ask the operator to add its host to `MEDIA_ALLOWED_HOSTS`.',
  },
  link_unreachable: {
    status: 400,
    title: 'Recado could not download a file from the link.',
    remedy: 'Check that the link returns status 200 and the complete file within a minute. Then repeat the request.',
  },
  link_too_large: {
    status: 413,
    title: 'The file at the link is too large.',
    remedy: 'Use a link to a smaller file. The limits of uploads apply.',
  },
} as const satisfies ErrorTable;

export const problem = problems(mediaErrors);
