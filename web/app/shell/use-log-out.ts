import { useNavigate } from '@tanstack/react-router';
import { recado } from '../../kit/client.ts';
import { session } from '../../kit/session.ts';

/** Ends the session and forgets everything that was read in it. */
export function useLogOut(): () => Promise<void> {
  const navigate = useNavigate();
  return async () => {
    // Also without an answer the browser forgets the session.
    await recado.auth.logOut().catch(() => undefined);
    // Before the session ends: the login is no way back to this page.
    await navigate({ to: '/login', search: {} });
    session.end();
  };
}
