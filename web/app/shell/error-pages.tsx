// What stands where a page cannot: 403 says who can help, 404 where to go, 500 what is safe.
import { ApiError } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { Compass, Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../components/button.tsx';
import { useTitle } from '../../components/page.tsx';
import { Empty, Failed } from '../../components/states.tsx';
import { meQuery } from '../../data/me.ts';
import { PartNotLoaded, retryParts } from '../../kit/lazy.ts';
import { placesFor } from './navigation.ts';

/** Thrown where somebody may not see a page. */
export class Forbidden extends Error {
  readonly permission: string;

  constructor(permission: string) {
    super(permission);
    this.permission = permission;
  }
}

/** Leads to the first page that the person may see. */
const Home = () => {
  const { t } = useTranslation();
  const me = useQueryClient().getQueryData(meQuery.queryKey);
  const [first] = me ? placesFor(me.permissions) : [];
  return (
    <Link to="/" className={buttonLook('primary')}>
      {first ? t('error.goTo', { page: t(`nav.${first.name}`) }) : t('error.home')}
    </Link>
  );
};

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t('error.notFound.title'));
  return (
    <main id="main" className="pt-[12vh]">
      <Empty isPage icon={Compass} title={t('error.notFound.title')} action={<Home />}>
        {t('error.notFound.words')}
      </Empty>
    </main>
  );
}

function NotAllowed({ permission }: { permission: string }) {
  const { t } = useTranslation();
  useTitle(t('error.forbidden.title'));
  return (
    <main id="main" className="pt-[12vh]">
      <Empty isPage icon={Lock} title={t('error.forbidden.title')} action={<Home />}>
        {t('error.forbidden.words', { permission })}
      </Empty>
    </main>
  );
}

const isServerThere = () =>
  fetch('/login', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );

export function Unexpected({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  useTitle(t('error.page.title'));
  if (error instanceof Forbidden) return <NotAllowed permission={error.permission} />;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  const retry = async () => {
    // Another version of the app may be there, with other files.
    if (error instanceof PartNotLoaded && (await isServerThere())) return location.reload();
    retryParts();
    reset();
    void router.invalidate();
  };
  return (
    <main id="main" className="pt-[12vh]">
      <Failed isPage title={t('error.page.title')} error={error} retry={() => void retry()} />
    </main>
  );
}
