// What stands where a page cannot: 403 says who can help, 404 where to go, 500 what is safe.
import { ApiError } from '@recado/client';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { Compass, Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../components/button.tsx';
import { useTitle } from '../../components/page.tsx';
import { Empty, Failed } from '../../components/states.tsx';

/** Thrown where somebody may not see a page. */
export class Forbidden extends Error {
  readonly permission: string;

  constructor(permission: string) {
    super(permission);
    this.permission = permission;
  }
}

const Home = () => {
  const { t } = useTranslation();
  return (
    <Link to="/" className={buttonLook('primary')}>
      {t('error.home')}
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

export function Unexpected({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  useTitle(t('error.page.title'));
  if (error instanceof Forbidden) return <NotAllowed permission={error.permission} />;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main id="main" className="pt-[12vh]">
      <Failed isPage title={t('error.page.title')} error={error} retry={retry} />
    </main>
  );
}
