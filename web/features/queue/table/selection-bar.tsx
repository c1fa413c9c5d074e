// The bar at the bottom: how many are selected, all that fit, and what to do with them.
import { Ban, CircleHelp, RotateCcw, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, LinkButton } from '../../../components/button.tsx';
import type { BulkAction } from '../../../data/bulk.ts';

interface Props {
  action: BulkAction;
  /** Null for more than are counted. */
  count: number | null;
  isAll: boolean;
  /** There are more than those that are selected. */
  all: { total: number | null } | undefined;
  onAll: () => void;
  onClear: () => void;
  onAct: () => void;
}

const icons = { retry: RotateCcw, cancel: Ban, resolve: CircleHelp };

export function SelectionBar({ action, count, isAll, all, onAll, onClear, onAct }: Props) {
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('queue.selection')}
      className="sticky bottom-18 z-(--z-sticky) mx-auto flex w-fit max-w-full flex-wrap items-center gap-x-3 gap-y-2 rounded-card bg-raised py-2 ps-4 pe-2 text-13 shadow-float md:bottom-4"
    >
      <b className="num" role="status">
        {count === null ? t('queue.allSelected') : t('queue.selected', { count })}
      </b>
      {all && !isAll && (
        <LinkButton onClick={onAll}>
          {all.total === null ? t('queue.allFit') : t('queue.allOf', { count: all.total })}
        </LinkButton>
      )}
      <span className="flex items-center gap-1">
        <Button kind={action === 'cancel' ? 'danger' : 'primary'} size="small" icon={icons[action]} onClick={onAct}>
          {t(`queue.action.${action}`)}
        </Button>
        <IconButton icon={X} size="small" label={t('queue.clearSelection')} onClick={onClear} />
      </span>
    </section>
  );
}
