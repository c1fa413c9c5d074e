// Asks before a logout deletes what is not sent.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { countUnsent } from '../../features/inbox/index.ts';

interface Props {
  onClose: () => void;
  logOut: () => Promise<void>;
}

export function LogOutDialog({ onClose, logOut }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const { drafts, messages } = countUnsent();
  const leave = async () => {
    setBusy(true);
    await logOut();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('logOut.title')}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('logOut.stay')}
          </Button>
          <Button kind="danger-solid" busy={busy} onClick={() => void leave()}>
            {t('logOut.action')}
          </Button>
        </>
      }
    >
      <p>{t('logOut.words')}</p>
      <ul className="list-disc ps-5">
        {drafts > 0 && <li>{t('logOut.drafts', { number: drafts })}</li>}
        {messages > 0 && <li>{t('logOut.messages', { number: messages })}</li>}
      </ul>
    </Dialog>
  );
}
