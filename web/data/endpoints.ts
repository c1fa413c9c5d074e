// Endpoints of webhooks, and their deliveries.
import type {
  CreateEndpointBody,
  CreateReplayBody,
  ListDeliveriesQuery,
  RecadoEvent,
  UpdateEndpointBody,
} from '@recado/client';
import { type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery } from './list.ts';

const endpointKeys = {
  all: ['endpoints'] as const,
  list: ['endpoints', 'list'] as const,
  one: (id: string) => ['endpoints', 'one', id] as const,
  deliveries: (id: string) => ['endpoints', 'one', id, 'deliveries'] as const,
};

export const staleEndpoints = ({ type }: RecadoEvent): QueryKey[] =>
  type.startsWith('endpoint.') ? [endpointKeys.all] : [];

/** How often deliveries are read again while somebody looks at them: no event tells of each. */
const paceMs = 10_000;

export const endpointsQuery = listQuery(endpointKeys.list, (query, options) => recado.endpoints.list(query, options));

export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: endpointKeys.one(id),
    queryFn: ({ signal }) => recado.endpoints.get(id, { signal }),
    refetchInterval: paceMs,
  });

export type DeliveryFilter = Pick<ListDeliveriesQuery, 'status'>;

export const deliveriesQuery = (id: string, filter: DeliveryFilter) => ({
  ...listQuery([...endpointKeys.deliveries(id), filter], (query, options) =>
    recado.endpoints.listDeliveries(id, { ...filter, ...query }, options),
  ),
  refetchInterval: paceMs,
});

const outcomes = ['succeeded', 'waiting', 'failed'] as const;
export type DeliveryCounts = Record<(typeof outcomes)[number], number | null>;

/** What became of the deliveries of the last 24 hours. Null: too many to count. */
export const dayQuery = (id: string) =>
  queryOptions({
    queryKey: [...endpointKeys.deliveries(id), 'day'],
    queryFn: async ({ signal }): Promise<DeliveryCounts> => {
      const since = new Date(Date.now() - 86_400_000).toISOString();
      const count = async (status: (typeof outcomes)[number]) => {
        const query = { status, created_since: since, limit: 1 };
        return [status, (await recado.endpoints.listDeliveries(id, query, { signal }).page()).page.total] as const;
      };
      return Object.fromEntries(await Promise.all(outcomes.map(count))) as DeliveryCounts;
    },
    refetchInterval: paceMs,
  });

/** A delivery with its event and its attempts. */
export const deliveryQuery = (id: string, delivery: string) =>
  queryOptions({
    queryKey: [...endpointKeys.deliveries(id), delivery],
    queryFn: ({ signal }) => recado.endpoints.getDelivery(id, delivery, { signal }),
    refetchInterval: paceMs,
  });

const all = () => [endpointKeys.all];

/** The answer has the secret, this once. */
export const createEndpoint = change((body: CreateEndpointBody) => recado.endpoints.create(body), all);

export const updateEndpoint = change(
  ({ id, ...body }: UpdateEndpointBody & { id: string }) => recado.endpoints.update(id, body),
  all,
);

export const deleteEndpoint = change(
  (id: string) => recado.endpoints.delete(id),
  () => [endpointKeys.list],
);

/** The answer has the new secret, this once, unless it was brought along. */
export const rotateSecret = change(
  ({ id, overlap, secret }: { id: string; overlap: number; secret: string | undefined }) =>
    recado.endpoints.rotateSecret(id, { overlap_seconds: overlap, ...(secret !== undefined && { secret }) }),
  all,
);

export const testEndpoint = change(
  ({ id, type }: { id: string; type: string | undefined }) =>
    recado.endpoints.test(id, type === undefined ? {} : { event_type: type }),
  ({ id }) => [endpointKeys.one(id)],
);

export const resendDelivery = change(
  ({ id, delivery }: { id: string; delivery: string }) => recado.endpoints.resendDelivery(id, delivery),
  ({ id }) => [endpointKeys.one(id)],
);

/** Tries again what failed since then. */
export const recoverEndpoint = change(
  ({ id, since }: { id: string; since: string }) => recado.endpoints.recover(id, { since }),
  ({ id }) => [endpointKeys.one(id)],
);

/** Delivers all events of a time again. */
export const replayEndpoint = change(
  ({ id, ...body }: CreateReplayBody & { id: string }) => recado.endpoints.createReplay(id, body),
  ({ id }) => [endpointKeys.one(id)],
);
