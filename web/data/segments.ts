// Segments of contacts, and static lists.
import type {
  ChangeMembersBody,
  CountSegmentBody,
  CreateSegmentBody,
  RecadoEvent,
  Segment,
  UpdateSegmentBody,
} from '@recado/client';
import { keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { contactKeys } from './contacts.ts';
import { inPieces } from './pieces.ts';

const segmentKeys = {
  all: ['segments'] as const,
  list: ['segments', 'list'] as const,
  one: (id: string) => ['segments', 'one', id] as const,
  count: (body: CountSegmentBody) => ['segment-counts', body] as const,
};

/** All segments and lists, by name. */
export const segmentsQuery = queryOptions({
  queryKey: segmentKeys.list,
  queryFn: async ({ signal }) => (await recado.segments.list({}, { signal })).data,
});

export const segmentQuery = (id: string) =>
  queryOptions({
    queryKey: segmentKeys.one(id),
    queryFn: ({ signal }) => recado.segments.get(id, { signal }),
  });

/** Who belongs to a filter or to a saved segment now. Another read shows other people. */
export const segmentCountQuery = (body: CountSegmentBody) =>
  queryOptions({
    queryKey: segmentKeys.count(body),
    queryFn: ({ signal }) => recado.segments.count(body, { signal }),
    placeholderData: keepPreviousData,
    // The last count stays while the next one runs.
    meta: { costly: true },
  });

export const staleSegments = ({ type, data }: RecadoEvent): QueryKey[] =>
  type.startsWith('segment.')
    ? [segmentKeys.list, ...('segment_id' in data ? [segmentKeys.one(data.segment_id)] : [])]
    : [];

const shown = () => [segmentKeys.all];

export const createSegment = change((body: CreateSegmentBody) => recado.segments.create(body), shown);

/** Changes a segment of a revision; another one is refused. */
export const updateSegment = change(
  ({ id, revision, ...body }: UpdateSegmentBody & Pick<Segment, 'id' | 'revision'>) =>
    recado.segments.update(id, body, { headers: { 'if-match': `"${revision}"` } }),
  () => [segmentKeys.all, contactKeys.lists],
);

export const deleteSegment = change(
  (id: string) => recado.segments.delete(id),
  () => [segmentKeys.list],
);

interface ManyMembers {
  id: string;
  action: ChangeMembersBody['action'];
  /** Which contacts, or all that fit a filter. */
  to: readonly string[] | NonNullable<ChangeMembersBody['filter']>;
}

const isList = (to: ManyMembers['to']): to is readonly string[] => Array.isArray(to);

/** The most contacts of one request, by their ids. */
const mostIds = 10_000;

/** Puts many contacts into a list, or takes them out. Says how many came or left. */
export const changeMembers = change(
  async ({ id, action, to }: ManyMembers) => {
    if (!isList(to)) return (await recado.segments.changeMembers(id, { action, filter: to })).changed;
    let changed = 0;
    for (const contact_ids of inPieces(to, mostIds))
      changed += (await recado.segments.changeMembers(id, { action, contact_ids })).changed;
    return changed;
  },
  () => [segmentKeys.all, contactKeys.lists],
);
