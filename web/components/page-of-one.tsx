// A page about one thing: until it is there, the frame with its name; the page of 404 where there is no such thing.
import { NotFoundError } from '@recado/client';
import type { ComponentProps, ReactNode } from 'react';
import { Page } from './page.tsx';
import { Failed, Loading, SkeletonCard } from './states.tsx';

interface Props<Data> {
  query: { data: Data | undefined; error: unknown; refetch: () => unknown };
  /** The title until the thing is there. */
  title: string;
  back: ComponentProps<typeof Page>['back'];
  /** The title of the error. */
  failed: string;
  /** The whole page of the thing. */
  children: (data: Data) => ReactNode;
}

export function PageOfOne<Data>({ query, title, back, failed, children }: Props<Data>) {
  // Also where it was there a moment ago.
  if (query.error instanceof NotFoundError) throw query.error;
  if (query.data !== undefined) return children(query.data);
  return (
    <Page title={title} {...(back && { back })}>
      {query.error ? (
        <Failed title={failed} error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading>
          <SkeletonCard className="h-44" />
        </Loading>
      )}
    </Page>
  );
}
