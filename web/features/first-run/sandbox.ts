// The Sandbox account of the first run: the one that a workspace begins with.
import { useQuery } from '@tanstack/react-query';
import { everything, recado } from '../../kit/client.ts';

/** The oldest Sandbox account; null if there is none any more. */
export const useSandbox = () =>
  useQuery({
    queryKey: ['accounts', 'first run'],
    queryFn: async ({ signal }) => {
      const { data } = await recado.accounts.list(everything, { signal }).page();
      return data.find(({ capabilities }) => capabilities.simulated) ?? null;
    },
  });
