// A segment as the API shows it.
import type { Segment } from '@recado/contract';
import { countedTo } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import { conditionsOf, isWhole } from './check.ts';
import type { Known } from './known-store.ts';
import type { SegmentRow } from './store.ts';

/** `known`: names the conditions that are about something that is gone, or that the caller does not see. */
export const presentSegment = (row: SegmentRow, known: Known): Segment => ({
  id: toId('segment', row.id),
  name: row.name,
  kind: row.kind,
  filter: row.filter,
  missing:
    row.filter === null
      ? []
      : [...conditionsOf(row.filter.match, 'match')].flatMap(({ condition, path }) =>
          isWhole(known, condition) ? [] : path,
        ),
  members: row.kind === 'filter' || row.members > countedTo ? null : row.members,
  saved_count: row.saved_count,
  saved_at: row.saved_at.toISOString(),
  revision: row.revision,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
