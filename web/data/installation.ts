// What pages before the login may know of this installation, and of an invitation by its link.
import { queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';

/** Whether there is an owner, and whether the server sends mail. */
export const setupStateQuery = queryOptions({
  queryKey: ['setup state'],
  queryFn: ({ signal }) => recado.auth.getSetup({ signal }),
  staleTime: 60_000,
});

/** The invitation behind the token of its link. A token that is not valid stays so. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => recado.invitations.preview({ token }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
