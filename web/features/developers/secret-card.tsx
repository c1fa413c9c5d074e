// A secret right after it was made: shown once.
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/button.tsx';
import { CopyField } from '../../components/code.tsx';

interface Props {
  title: string;
  /** That it is shown once. */
  once: string;
  /** What it is. */
  label: string;
  secret: string;
  onClose: () => void;
}

export function SecretCard({ title, once, label, secret, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <section data-rise className="grid min-w-0 gap-3 rounded-card border border-accent-line bg-accent-soft px-5 py-4">
      <div className="flex items-start justify-between gap-3">
        <p role="status">
          <b>{title}</b> <span className="text-muted">{once}</span>
        </p>
        <IconButton icon={X} size="small" label={t('action.close')} onClick={onClose} />
      </div>
      <CopyField text={secret} label={label} />
    </section>
  );
}
