import { PermissionError, RecadoError } from '@recado/client';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { TipProvider } from '../components/tip.tsx';
import { Toasts } from '../components/toasts.tsx';
import { followEvents } from '../data/follow.ts';
import { isRejection } from '../kit/client.ts';
import { startLanguage } from '../kit/language.ts';
import { PartNotLoaded } from '../kit/lazy.ts';
import { startWorker } from '../kit/push.ts';
import { startTheme } from '../kit/theme.ts';
import { type AppRouter, createAppRouter } from './routes.tsx';
import { Forbidden } from './shell/error-pages.tsx';
import { followAccess, watchSession } from './watch-session.ts';
import './styles.css';

startTheme();

const mostRetries = 2;
/** A rejection may be news of the rights. */
const onError = (error: unknown) => {
  if (error instanceof PermissionError) void followAccess(client, router);
};

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A rejected request is rejected again.
      retry: (failures, error) => failures < mostRetries && !isRejection(error),
    },
  },
});

await startLanguage();
const goLive = () => followEvents(client, () => void followAccess(client, router));
const router: AppRouter = createAppRouter({ client, goLive });
watchSession(client, router);
// The page of this address is loaded while the server says who asks. `/` leads most people to the inbox.
for (const { options } of router.getMatchedRoutes(location.pathname === '/' ? '/inbox' : location.pathname)[0])
  void options.component?.preload?.()?.catch(() => undefined);
createRoot(document.getElementById('root') as HTMLElement, {
  // These have a page of their own, and are no defects.
  onCaughtError: error => {
    if (!(error instanceof Forbidden || error instanceof RecadoError || error instanceof PartNotLoaded))
      console.error(error);
  },
}).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <TipProvider>
        <RouterProvider router={router} />
        <Toasts />
      </TipProvider>
    </QueryClientProvider>
  </StrictMode>,
);
// After the first page: it is for later visits.
startWorker().catch(reportError);
