import { queryOptions } from '@tanstack/react-query';
import { everything, recado } from '../../kit/client.ts';

export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: ({ signal }) => recado.me.getSecondFactor({ signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => recado.me.listSessions(everything, { signal }).page(),
});
