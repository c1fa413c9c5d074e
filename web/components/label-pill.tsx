// A label: its word, and a mark in its colour that nobody needs.
import type { LabelColor } from '@recado/contract';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Their numbers in the tokens. The list loads them, so the names do not come from the contract. */
const numberOf: Record<LabelColor, number> = {
  indigo: 1,
  orange: 2,
  teal: 3,
  magenta: 4,
  olive: 5,
  gray: 6,
  violet: 7,
  brown: 8,
};

export function LabelMark({ color, large = false }: { color: LabelColor; large?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={large ? 'size-4 flex-none rounded-[4px]' : 'size-2 flex-none rounded-[2px]'}
      style={{ background: `var(--label-${numberOf[color]})` }}
    />
  );
}

interface Props {
  label: { name: string; color: LabelColor };
  /** Takes it off. */
  onRemove?: (() => void) | undefined;
}

export function LabelPill({ label, onRemove }: Props) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex h-5.5 max-w-48 min-w-0 items-center gap-1.5 rounded-badge bg-active ps-1.5 pe-2 align-middle text-12 font-medium text-muted">
      <LabelMark color={label.color} />
      <bdi className="cut">{label.name}</bdi>
      {onRemove && (
        <button
          type="button"
          aria-label={t('labels.takeOff', { name: label.name })}
          onClick={onRemove}
          className="-me-2 grid size-6 flex-none place-items-center rounded-badge hover:text-text"
        >
          <X size={13} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}
