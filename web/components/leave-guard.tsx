// Asks before a page with unsaved changes is left.
import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface Props {
  /** Whether there are unsaved changes. A reload and a closed tab ask in the browser's words. */
  when: boolean;
  /** The thing with the changes, where the page shows one of several: another value of the parameter leaves it. */
  shows?: { parameter: string; value: string };
  /** The name of the thing, for the usual question. */
  name?: string;
  /** Other words than the usual ones. */
  title?: string;
  /** Stays on the page. */
  keep?: string;
  /** Leaves it. */
  confirm?: string;
  children?: ReactNode;
}

export function LeaveGuard({ when, shows, name, title, keep, confirm, children }: Props) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => {
      if (!when || current.pathname !== next.pathname) return when;
      if (!shows) return false;
      const chosen = valueIn(next.search, shows.parameter);
      return chosen !== shows.value && chosen !== valueIn(current.search, shows.parameter);
    },
    enableBeforeUnload: when,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <ConfirmDialog
      title={title ?? (name === undefined ? t('unsaved.title') : t('unsaved.titleOf', { name }))}
      keep={keep ?? t('unsaved.keep')}
      confirm={confirm ?? t('unsaved.confirm')}
      onConfirm={blocker.proceed}
      onClose={blocker.reset}
      busy={false}
    >
      <p>{children ?? t('unsaved.words')}</p>
    </ConfirmDialog>
  );
}

const valueIn = (search: object, parameter: string): unknown =>
  Object.entries(search).find(([name]) => name === parameter)?.[1];
