import { RecadoError } from '@recado/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { TipProvider } from '../components/tip.tsx';
import { Toasts } from '../components/toasts.tsx';
import { isRejection } from '../kit/client.ts';
import { startLanguage } from '../kit/language.ts';
import { startTheme } from '../kit/theme.ts';
import { createAppRouter } from './routes.tsx';
import { Forbidden } from './shell/error-pages.tsx';
import './styles.css';

startTheme();

const mostRetries = 2;
const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A rejected request is rejected again.
      retry: (failures, error) => failures < mostRetries && !isRejection(error),
    },
  },
});

await startLanguage();
const router = createAppRouter(client);
createRoot(document.getElementById('root') as HTMLElement, {
  // These have a page of their own, and are no defects.
  onCaughtError: error => {
    if (!(error instanceof Forbidden || error instanceof RecadoError)) console.error(error);
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
