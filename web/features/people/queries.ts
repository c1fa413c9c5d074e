import { queryOptions } from '@tanstack/react-query';
import { everything, recado } from '../../kit/client.ts';

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => recado.people.list(everything, { signal }).page(),
});
