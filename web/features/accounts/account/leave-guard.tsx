// Asks before a page with unsaved limits is left.

import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';

/** `name`: the account whose limits are not saved. A reload and a closed tab ask in the browser's words. */
export function LeaveGuard({ when, name }: { when: boolean; name: string }) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: when,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <ConfirmDialog
      title={t('limits.leaveTitle', { name })}
      keep={t('limits.leaveKeep')}
      confirm={t('limits.leaveConfirm')}
      onConfirm={blocker.proceed}
      onClose={blocker.reset}
      busy={false}
    >
      <p>{t('limits.leaveWords')}</p>
    </ConfirmDialog>
  );
}
