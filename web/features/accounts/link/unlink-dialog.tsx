import type { Account } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { endLink } from '../../../data/links.ts';
import { useAction } from '../../../kit/use-action.ts';

export function UnlinkDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const unlink = useAction({
    ...endLink,
    done: t('link.unlink.done', { name: account.name }),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={t('link.unlink.title', { name: account.name })}
      keep={t('link.unlink.keep')}
      confirm={t('link.unlink.action')}
      busy={unlink.isPending}
      onConfirm={() => unlink.mutate(account.id)}
      onClose={onClose}
    >
      <p>{t('link.unlink.words')}</p>
      <p>{t('link.unlink.phone')}</p>
    </ConfirmDialog>
  );
}
