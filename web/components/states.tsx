// What stands where there is nothing, nothing yet, or an error.
import { ApiError } from '@recado/client';
import { CircleAlert, type LucideIcon } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '../kit/use-error-text.ts';
import { Button } from './button.tsx';
import { Said } from './said.tsx';

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  /** One sentence. */
  children?: ReactNode;
  action?: ReactNode;
  /** It is the whole page. */
  isPage?: boolean;
}

const Title = ({ isPage, children }: { isPage: boolean; children: ReactNode }) =>
  isPage ? <h1 className="text-text">{children}</h1> : <h2 className="text-text">{children}</h2>;

export const Empty = ({ icon: Icon, title, children, action, isPage = false }: EmptyProps) => (
  <div className="grid justify-items-center gap-3 px-6 py-12 text-center text-muted">
    <Icon size={20} strokeWidth={1.6} className="text-faint" aria-hidden="true" />
    <Title isPage={isPage}>{title}</Title>
    {children && <p className="max-w-[44ch]">{children}</p>}
    {action}
  </div>
);

interface FailedProps {
  title: string;
  error: unknown;
  retry?: () => void;
  /** It is the whole page. */
  isPage?: boolean;
}

/** An error with its remedy and the id to ask about. After a pause it tries again by itself. */
export function Failed({ title, error, retry, isPage = false }: FailedProps) {
  const { t } = useTranslation();
  const text = useErrorText(error);
  const again = useRef(retry);
  again.current = retry;
  const isOver = text === undefined;
  useEffect(() => {
    if (isOver) again.current?.();
  }, [isOver]);
  return (
    <div role="alert" className="grid justify-items-center gap-3 px-6 py-12 text-center text-muted">
      <CircleAlert size={20} strokeWidth={1.6} className="text-danger" aria-hidden="true" />
      <Title isPage={isPage}>{title}</Title>
      <p className="max-w-[52ch]">{text && <Said text={text} />}</p>
      {retry && (
        <Button kind="line" onClick={retry}>
          {t('action.tryAgain')}
        </Button>
      )}
      {error instanceof ApiError && error.requestId && (
        <p className="text-12 text-faint">
          {t('error.requestId')} <code>{error.requestId}</code>
        </p>
      )}
    </div>
  );
}

const waitMs = 200;

/** Shows what is loading only after a moment, so that nothing flickers. */
export function Loading({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), waitMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{t('state.loading')}</span>
      <div className={late ? undefined : 'invisible'} aria-hidden="true">
        {children}
      </div>
    </div>
  );
}

interface AnswerProps<Data> {
  query: { data: Data | undefined; error: unknown; refetch: () => unknown };
  /** The title of the error. */
  failed: string;
  /** In the size of what comes. */
  skeleton: ReactNode;
  children: (data: Data) => ReactNode;
}

/** What a query has to show: its data, even if reading them again failed; else the error, or that it is loading. */
export function Answer<Data>({ query, failed, skeleton, children }: AnswerProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed title={failed} error={query.error} retry={() => void query.refetch()} />;
  return <Loading>{skeleton}</Loading>;
}

/** A line of text that is not there yet. */
export const Skeleton = ({ className = 'h-2.5 w-32' }: { className?: string }) => (
  <span className={`skeleton block ${className}`} />
);

/** Rows of a table that are not there yet. */
export const SkeletonRows = ({ rows = 5 }: { rows?: number }) => (
  <div className="rounded-card border border-border bg-surface">
    {Array.from({ length: rows }, (_, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else
      <div key={row} className="flex h-14 items-center gap-3 border-b border-border px-5 last:border-0">
        <Skeleton className="size-8 rounded-full!" />
        <Skeleton className="h-2.5 w-40" />
        <span className="flex-1" />
        <Skeleton className="h-2.5 w-16" />
      </div>
    ))}
  </div>
);

/** A card whose content is not there yet. */
export const SkeletonCard = ({ className }: { className: string }) => (
  <div className={`grid content-start gap-6 rounded-card border border-border bg-surface p-5 ${className}`}>
    <Skeleton className="h-3 w-48" />
    <Skeleton className="h-2 w-full" />
  </div>
);

/** Lines of a card that are not there yet. */
export const SkeletonLines = ({ rows = 3 }: { rows?: number }) => (
  <Loading>
    <div className="grid gap-5 px-5 pt-2 pb-5">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without content have nothing else
        <Skeleton key={row} className="h-2.5 w-2/3" />
      ))}
    </div>
  </Loading>
);
