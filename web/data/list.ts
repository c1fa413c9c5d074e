// Lists of the API: whole ones for choices, pages for tables.
import type { List, Page } from '@recado/client';
import { type InfiniteData, infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';

/** A whole list ends here: more is no choice for a person. */
const mostRows = 1_000;
const pageSize = 100;

export interface Whole<Row> {
  rows: Row[];
  /** How many the server has: null if they are too many to count. */
  total: number | null;
  /** Whether the server has more than these. */
  isCut: boolean;
}

/** Reads a list to its end, or to `mostRows`. */
export async function readWhole<Row>(list: List<Row>): Promise<Whole<Row>> {
  const rows: Row[] = [];
  let total: number | null = null;
  for await (const { data, page } of list.pages()) {
    rows.push(...data);
    total = page.total;
    if (rows.length >= mostRows)
      return { rows: rows.slice(0, mostRows), total, isCut: rows.length > mostRows || page.has_more };
  }
  return { rows, total, isCut: false };
}

/** The loaded rows of a list. `total`: the count of the server; null if there are too many to count. */
export interface Loaded<Row> {
  rows: Row[];
  total: number | null;
}

interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}

/** A list that is read page by page. */
export const listQuery = <Row>(
  queryKey: QueryKey,
  read: (query: PageQuery, options: { signal: AbortSignal }) => List<Row>,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => read({ limit: pageSize, cursor: pageParam }, { signal }).page(),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.next_cursor ?? undefined,
    select: ({ pages }: InfiniteData<Page<Row>, string | undefined>): Loaded<Row> => ({
      rows: pages.flatMap(({ data }) => data),
      total: pages[0]?.page.total ?? null,
    }),
  });
