// The log of requests to the API.
import type { ListRequestsQuery } from '@recado/client';
import { recado } from '../kit/client.ts';
import { listQuery } from './list.ts';

export type RequestFilter = Pick<
  ListRequestsQuery,
  'outcome' | 'slower_than_ms' | 'method' | 'path' | 'caller_kind' | 'caller_id' | 'request_id' | 'from'
>;

export const requestsQuery = (filter: RequestFilter) =>
  listQuery(['requests', filter], (query, options) => recado.requests.list({ ...filter, ...query }, options));
