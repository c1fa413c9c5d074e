// The errors of search.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const searchErrors = {
  text_search_off: {
    status: 409,
    title: 'The texts of messages are not indexed.',
    remedy: 'Turn the index on with `PUT /api/v1/workspace/search`, or search with operators alone.',
  },
} as const satisfies ErrorTable;

export const problem = problems(searchErrors);
