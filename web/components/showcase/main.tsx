// The components in their states, for development: `npm run dev -w web`, then /components.html. It is not built.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLanguage } from '../../kit/language.ts';
import { startTheme } from '../../kit/theme.ts';
import { TipProvider } from '../tip.tsx';
import { Toasts } from '../toasts.tsx';
import { Showcase } from './showcase.tsx';
import '../../app/styles.css';

startTheme();
await startLanguage();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <TipProvider>
      <Showcase />
      <Toasts />
    </TipProvider>
  </StrictMode>,
);
