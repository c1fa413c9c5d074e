// Short words about what just happened.
import { useSyncExternalStore } from 'react';

export interface ToastMessage {
  id: number;
  /** A sentence, or an error to be put into words. */
  about: string | { error: unknown };
  tone: 'success' | 'danger';
  action?: ToastAction | undefined;
}

/** What can be done about it, such as taking it back. */
export interface ToastAction {
  label: string;
  act: () => void;
}

let toasts: readonly ToastMessage[] = [];
let last = 0;
const listeners = new Set<() => void>();
const most = 3;

function change(next: readonly ToastMessage[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Shows a sentence. An error stays until it is closed; another sentence takes the place of the one before. */
export const toast = (text: string, tone: ToastMessage['tone'] = 'success', action?: ToastAction): void =>
  show({ about: text, tone, action });

/** Shows an error in words. It stays until it is closed, or until the pause that it names is over. */
export const toastError = (error: unknown): void => show({ about: { error }, tone: 'danger' });

function show(message: Omit<ToastMessage, 'id'>): void {
  last++;
  const errors = toasts.filter(each => each.tone === 'danger');
  change([...errors, { ...message, id: last }].slice(-most));
}

export const closeToast = (id: number): void => change(toasts.filter(each => each.id !== id));

export const useToasts = (): readonly ToastMessage[] =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
