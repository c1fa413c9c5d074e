// The frame of a page: a sticky head with the title and the actions, `</>` before the primary one.
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../kit/class-names.ts';
import { setTitle } from '../kit/title.ts';
import { ApiButton, type ApiExample } from './api-button.tsx';

/** The page above this one. */
type Back = (
  | {
      to:
        | '/accounts'
        | '/alerts'
        | '/queue'
        | '/campaigns'
        | '/templates'
        | '/contacts'
        | '/developers/endpoints'
        | '/developers/hooks'
        | '/contacts/imports'
        | '/contacts/segments';
    }
  | { to: '/accounts/$accountId'; params: { accountId: string } }
  | { to: '/campaigns/$campaignId'; params: { campaignId: string } }
) & {
  label: string;
};

interface Props {
  title: string;
  /** Muted beside the title. */
  count?: ReactNode;
  back?: Back;
  /** The same in a program. */
  example?: ApiExample;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, count, back, example, actions, children }: Props) {
  useTitle(title);
  return (
    <>
      <header className="sticky top-0 z-(--z-sticky) flex min-h-bar flex-wrap items-center gap-x-3 gap-y-2 bg-canvas px-4 py-2 md:px-8">
        <div
          className={cx(
            'flex min-w-0 flex-1',
            back ? 'basis-full items-center gap-1 md:basis-24' : 'basis-auto items-baseline gap-2.5',
          )}
        >
          {back && <BackLink {...back} />}
          <h1 className="min-w-0">
            <bdi className="cut block">{title}</bdi>
          </h1>
          {count !== undefined && <span className="num text-muted">{count}</span>}
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {example && <ApiButton example={example} />}
          {actions}
        </div>
      </header>
      <main
        id="main"
        data-pane
        className="grid w-full max-w-308 grid-cols-[minmax(0,1fr)] content-start gap-4 px-4 pt-1 pb-18 md:gap-6 md:px-8 md:pt-2 md:pb-16"
      >
        {children}
      </main>
    </>
  );
}

const BackLink = ({ label, ...to }: Back) => (
  <Link
    {...to}
    aria-label={label}
    className="-ms-2 grid size-control flex-none place-items-center rounded-control text-muted hover:bg-hover hover:text-text"
  >
    <ArrowLeft size={18} strokeWidth={1.75} className="flip" aria-hidden="true" />
  </Link>
);

/** Names the page in the browser's tab. */
export function useTitle(title: string): void {
  const { t } = useTranslation();
  useEffect(() => {
    setTitle(`${title} · ${t('app.name')}`);
  }, [title, t]);
}
