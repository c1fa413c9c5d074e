// Whether there is demo data.
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../../kit/client.ts';

export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => recado.demo.get({ signal }),
});

/** What shows other things once the demo is there or gone. */
export const changedByDemo = [['demo'], ['accounts'], ['conversations'], ['queue']] as const;
