// What becomes of the app when the session or the rights of the person change.
import type { QueryClient } from '@tanstack/react-query';
import { rereadAll } from '../data/follow.ts';
import { rereadMe } from '../data/me.ts';
import { forgetUnsent } from '../features/inbox/pages.ts';
import { session } from '../kit/session.ts';
import type { AppRouter } from './routes.tsx';

/** A session that ends, wherever that happens, leads to the login; one of another tab is taken over. */
export function watchSession(client: QueryClient, router: AppRouter): void {
  session.onEnd(async () => {
    await router.invalidate();
    client.clear();
  });
  // Who was removed must not take along what they wrote in the workspace.
  session.onRemoval(forgetUnsent);
  session.onOtherLogin(() => {
    const { pathname, search } = router.state.location;
    if (pathname === '/login') location.assign(search.next ?? '/');
    else location.reload();
  });
}

/** Reads again what the person may do. If it is something else, everything that is shown is read again too. */
export async function followAccess(client: QueryClient, router: AppRouter): Promise<void> {
  // Without an answer nothing is known to be new; the next connection asks again.
  if (!(await rereadMe(client).catch(() => false))) return;
  await rereadAll(client);
  await router.invalidate();
}
