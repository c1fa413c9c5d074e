// The errors of segments.
import { type ErrorTable, problems } from '../../kit/errors.ts';

export const segmentErrors = {
  segment_not_found: {
    status: 404,
    title: 'Segment not found.',
    remedy: 'List the segments with `GET /api/v1/segments`.',
  },
  segment_taken: {
    status: 409,
    title: 'Another segment or list has this name.',
    remedy: 'Use another name. Case and accents make no difference.',
  },
  segment_left_out: {
    status: 409,
    title: 'Another segment leaves this one out.',
    remedy: 'Remove it from `leave_out` of the segment that `detail` names, then delete it.',
  },
  segment_is_filter: {
    status: 409,
    title: 'The segment is a filter, so its people follow from it.',
    remedy: 'Change its filter, or create a list with `POST /api/v1/segments`.',
  },
  segment_changed: {
    status: 412,
    title: 'Somebody else changed the segment meanwhile.',
    remedy: 'Read it with `GET /api/v1/segments/{id}`, and repeat the change with its `revision` in `If-Match`.',
  },
  too_many_segments: {
    status: 409,
    title: 'The workspace has 200 segments and lists.',
    remedy: 'Delete one that nobody needs.',
  },
  too_many_members: {
    status: 400,
    title: 'More than 10,000 contacts fit.',
    remedy: 'Narrow the filter, and repeat for each part.',
  },
} as const satisfies ErrorTable;

export const problem = problems(segmentErrors);
