// Asks before a page with unsaved changes is left.
import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface Props {
  /** Whether there are unsaved changes. A reload and a closed tab ask in the browser's words. */
  when: boolean;
  title: string;
  /** Stays on the page. */
  keep: string;
  /** Leaves it. */
  confirm: string;
  children: ReactNode;
}

export function LeaveGuard({ when, title, keep, confirm, children }: Props) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: when,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <ConfirmDialog
      title={title}
      keep={keep}
      confirm={confirm}
      onConfirm={blocker.proceed}
      onClose={blocker.reset}
      busy={false}
    >
      <p>{children}</p>
    </ConfirmDialog>
  );
}
