// Dark, light, or as the system has it.
import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'recado.theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

const chosen = (): Theme => themes.find(theme => theme === localStorage.getItem(key)) ?? 'system';

function apply(): void {
  const theme = chosen();
  document.documentElement.dataset.theme = theme === 'system' ? (systemDark.matches ? 'dark' : 'light') : theme;
  for (const listener of listeners) listener();
}

/** Applies the theme, now and whenever the system or another tab changes it. */
export function startTheme(): void {
  apply();
  systemDark.addEventListener('change', apply);
  addEventListener('storage', apply);
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  apply();
}

export const useTheme = (): Theme =>
  useSyncExternalStore(listener => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, chosen);
