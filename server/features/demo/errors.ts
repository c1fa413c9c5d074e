// The errors of demo data.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const demoErrors = {
  demo_rejected: {
    status: 409,
    title: 'The demo data cannot be made or removed now.',
    remedy: 'See `detail` for what was rejected, and repeat the request.',
  },
} as const satisfies ErrorTable;

export const problem = problems(demoErrors);
