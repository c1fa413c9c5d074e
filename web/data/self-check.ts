// The self-check of the installation.
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';

const keys = { last: ['self-check'] as const };

/** While a run is under way, its checks appear one by one. */
const runningMs = 400;

export const selfCheckQuery = queryOptions({
  queryKey: keys.last,
  queryFn: ({ signal }) => recado.selfCheck.get({ signal }),
  refetchInterval: ({ state }) => (state.data?.state === 'running' ? runningMs : false),
});

export const runSelfCheck = change(
  (_: null) => recado.selfCheck.run(),
  () => [keys.last],
);
