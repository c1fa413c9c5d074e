import type { CountSegmentBody } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { segmentCountQuery } from '../../../data/segments.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import type { Counted } from './side.tsx';

/** Who belongs to it now: counted once the conditions have rested, and the last question wins. */
export function useCounted(body: CountSegmentBody): Counted {
  // As text, so that an equal filter is no other one.
  const given = JSON.stringify(body);
  const settled = useSettled(given);
  const query = useQuery(segmentCountQuery(JSON.parse(settled) as CountSegmentBody));
  return {
    data: query.data,
    error: query.isFetching ? null : query.error,
    isOld: settled !== given || query.isPlaceholderData,
    refetch: query.refetch,
  };
}
