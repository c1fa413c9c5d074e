// Asks before a logout deletes what is not sent.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { countUnsent } from '../../features/inbox/pages.ts';

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
    <ConfirmDialog
      title={t('logOut.title')}
      keep={t('logOut.stay')}
      confirm={t('logOut.action')}
      busy={busy}
      onConfirm={() => void leave()}
      onClose={onClose}
    >
      <p>{t('logOut.words')}</p>
      <ul className="list-disc ps-5">
        {drafts > 0 && <li>{t('logOut.drafts', { number: drafts })}</li>}
        {messages > 0 && <li>{t('logOut.messages', { number: messages })}</li>}
      </ul>
    </ConfirmDialog>
  );
}
