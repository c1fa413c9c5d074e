// The errors of imports.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const importErrors = {
  import_not_found: {
    status: 404,
    title: 'Import not found.',
    remedy: 'List the imports with `GET /api/v1/imports`.',
  },
  import_row_not_found: {
    status: 404,
    title: 'The import has no such row.',
    remedy: 'List the rows with `GET /api/v1/imports/{id}/rows`. Rows are deleted 7 days after the import.',
  },
  import_file_unreadable: {
    status: 400,
    title: 'The file cannot be read as CSV.',
    remedy: 'Correct the row that `detail` names, or save the file again as CSV in UTF-8.',
  },
  import_too_large: {
    status: 413,
    title: 'The file is too large.',
    remedy: 'Split the file: at most 50 MB and 500,000 rows each.',
  },
  import_repeated: {
    status: 409,
    title: 'The same file was imported before.',
    remedy: 'See the import that `last_id` names. To import the file again, send `again` with true.',
  },
  import_open: {
    status: 409,
    title: 'The same file is uploaded already, and was not run.',
    remedy: 'Go on with the import that `last_id` names. To upload the file again, send `again` with true.',
  },
  too_many_imports: {
    status: 409,
    title: 'The workspace has 20 uploaded files that wait.',
    remedy: 'Run or cancel some of these imports.',
  },
  import_state: {
    status: 409,
    title: 'The import is not in a state for this.',
    remedy: 'Follow `detail`. The field `state` of the import tells where it is.',
  },
  import_file_gone: {
    status: 409,
    title: 'Recado no longer has the file or the rows of the import.',
    remedy: 'Upload the file again.',
  },
  import_undo_over: {
    status: 409,
    title: 'The import can no longer be undone.',
    remedy: 'Find its contacts by their `import_id`, and delete or change them.',
  },
} as const satisfies ErrorTable;

export const problem = problems(importErrors);
