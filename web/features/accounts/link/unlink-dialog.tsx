import type { Account } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
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
    <Dialog
      open
      onClose={onClose}
      title={t('link.unlink.title', { name: account.name })}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('link.unlink.keep')}
          </Button>
          <Button kind="danger-solid" busy={unlink.isPending} onClick={() => unlink.mutate(account.id)}>
            {t('link.unlink.action')}
          </Button>
        </>
      }
    >
      <p>{t('link.unlink.words')}</p>
      <p>{t('link.unlink.phone')}</p>
    </Dialog>
  );
}
