// The pages of this feature, and what else the frame of the app needs of it.
import { lazyPart } from '../../kit/lazy.ts';
import { nextPage } from '../../kit/next-page.ts';
import { page } from '../../kit/page.ts';

/** Where to go after the login: only to a page of ours. */
const nextOf = ({ next }: Record<string, unknown>): { next?: string | undefined } => ({
  next: nextPage(next, location.origin),
});

export const loginPage = page({
  path: '/login',
  search: nextOf,
  component: lazyPart(() => import('./login/page.tsx'), 'LoginPage'),
});

export const setupPage = page({
  path: '/setup',
  component: lazyPart(() => import('./setup/page.tsx'), 'SetupPage'),
});

export const forgotPage = page({
  path: '/forgot',
  component: lazyPart(() => import('./reset/forgot-page.tsx'), 'ForgotPage'),
});

export const resetPage = page({
  path: '/reset',
  component: lazyPart(() => import('./reset/page.tsx'), 'ResetPage'),
});
