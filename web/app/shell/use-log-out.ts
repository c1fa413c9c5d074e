import { AuthenticationError } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { forgetUnsent } from '../../features/inbox/pages.ts';
import { recado } from '../../kit/client.ts';
import { unsubscribe } from '../../kit/push.ts';
import { session } from '../../kit/session.ts';
import { toast } from '../../kit/toasts.ts';

/**
 * Ends the session and forgets everything that was read and written in it. Without an answer the session goes on, and
 * says so.
 */
export function useLogOut(): () => Promise<void> {
  const navigate = useNavigate();
  const { t } = useTranslation();
  return async () => {
    // The session of the subscription ends.
    await unsubscribe().catch(() => undefined);
    try {
      await recado.auth.logOut();
    } catch (error) {
      // It has ended already.
      if (!(error instanceof AuthenticationError)) return toast(t('nav.stillLoggedIn'), 'danger');
    }
    // Before the session ends: the login is no way back to this page.
    await navigate({ to: '/login', search: {} });
    session.end();
    forgetUnsent();
  };
}
