import { Copy, Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { copy } from '../../../components/code.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { useMe } from '../../../data/me.ts';
import { toast } from '../../../kit/toasts.ts';

/** The codes are shown this once. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const { person } = useMe();
  const save = () => {
    const text = `${t('you.codesFile', { email: person?.email ?? '' })}\n\n${codes.join('\n')}\n`;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = 'recado-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('you.codesTitle')}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t('you.codesSaved')}
        </Button>
      }
    >
      <p>{t('you.codesWords')}</p>
      <ol
        aria-label={t('you.codes')}
        dir="ltr"
        className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-control bg-sunken px-4 py-3 font-mono text-13 text-text"
      >
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2">
        <Button
          kind="line"
          icon={Copy}
          onClick={() => void copy(codes.join('\n')).then(() => toast(t('you.codesCopied')))}
        >
          {t('action.copy')}
        </Button>
        <Button kind="line" icon={Download} onClick={save}>
          {t('you.download')}
        </Button>
      </div>
      <Banner tone="warning" title={t('you.codesOnce')} />
    </Dialog>
  );
}
