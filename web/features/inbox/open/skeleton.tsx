// What stands where a conversation will be.
import { useTranslation } from 'react-i18next';
import { Loading, Skeleton } from '../../../components/states.tsx';

export const threadLook = 'relative flex min-h-0 min-w-0 flex-1 flex-col bg-canvas';

export function OpenSkeleton() {
  const { t } = useTranslation();
  return (
    <section aria-label={t('inbox.thread')} className={threadLook}>
      <Loading>
        <div className="flex h-bar items-center gap-3 border-b border-border bg-surface px-4">
          <Skeleton className="size-8 rounded-full!" />
          <Skeleton className="h-3 w-40" />
        </div>
      </Loading>
    </section>
  );
}
