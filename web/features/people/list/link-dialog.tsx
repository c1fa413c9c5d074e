import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { CopyField } from '../../../components/code.tsx';
import { Dialog } from '../../../components/dialog.tsx';

interface Props {
  title: string;
  link: string;
  onClose: () => void;
  children: ReactNode;
}

/** A one-time link to copy. */
export function LinkDialog({ title, link, onClose, children }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <Button kind="line" onClick={onClose}>
          {t('action.done')}
        </Button>
      }
    >
      <p>{children}</p>
      <CopyField text={link} label={t('people.link')} />
    </Dialog>
  );
}
