// At the foot of the list: how many are picked, and what can be done with them.
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { BulkActions } from './actions.tsx';
import { usePicked, usePickedRows } from './picked.tsx';

export function BulkFoot() {
  const { t } = useTranslation();
  const { isOn, isAll, all, clear } = usePicked();
  const { rows, count } = usePickedRows();
  if (!isOn) return null;
  return (
    <div className="flex min-h-13 flex-none items-center gap-1 border-t border-border bg-surface ps-4 pe-2">
      <span role="status" className="cut min-w-0 flex-1 text-13">
        {count === null ? t('inbox.bulk.allPicked') : t('inbox.bulk.pickedShort', { count })}
      </span>
      {!isAll && (
        <button type="button" className="text-13 text-accent-text md:hidden" onClick={all}>
          {t('inbox.bulk.takeAll')}
        </button>
      )}
      <BulkActions rows={rows} isWide={false} />
      <IconButton icon={X} size="small" label={t('inbox.bulk.clear')} onClick={clear} />
    </div>
  );
}
