// Which kind of segments the table shows, as it is in the address.

export interface SegmentsSearch {
  kind?: 'list' | undefined;
}

export const segmentsSearch = ({ kind }: Record<string, unknown>): SegmentsSearch => (kind === 'list' ? { kind } : {});
