import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { recado } from '../../kit/client.ts';
import { session } from '../../kit/session.ts';

/** Ends the session and forgets everything that was read in it. */
export function useLogOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    // Also without an answer the browser forgets the session.
    await recado.auth.logOut().catch(() => undefined);
    session.end();
    client.clear();
    await navigate({ to: '/login', search: {} });
  };
}
