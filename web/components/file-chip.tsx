// A file that is attached to something, with the button that takes it off.
import { FileText, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useBytes } from '../kit/bytes.ts';
import { IconButton } from './button.tsx';

interface Props {
  file: { id: string; filename: string | null; size: number | null };
  onRemove: () => void;
}

export function FileChip({ file: { id, filename, size }, onRemove }: Props) {
  const { t } = useTranslation();
  const bytes = useBytes();
  const name = filename ?? id;
  return (
    <span className="flex h-control items-center gap-2 rounded-control border border-border ps-2.5 pe-1 text-13">
      <FileText size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none text-muted" />
      <bdi className="cut">{name}</bdi>
      {size !== null && <span className="num flex-none text-12 text-muted">{bytes(size)}</span>}
      <span className="flex-1" />
      <IconButton icon={X} size="small" label={t('composer.files.remove', { name })} onClick={onRemove} />
    </span>
  );
}
