import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { useConnection } from '../../kit/live.ts';

/** A connection that is back within this time was not worth a word. */
const patienceMs = 3_000;

/** Says that the page may be out of date, while it may be. */
export function OfflineBanner() {
  const { t } = useTranslation();
  const connection = useConnection();
  const [isLong, setLong] = useState(false);
  const isConnecting = connection === 'connecting';
  useEffect(() => {
    if (!isConnecting) return;
    const timer = setTimeout(() => setLong(true), patienceMs);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isConnecting]);
  if (connection === 'live' || (isConnecting && !isLong)) return null;
  const isOffline = connection === 'offline';
  return (
    <Banner tone="quiet" flat title={t(isOffline ? 'offline.title' : 'offline.lostTitle')}>
      {t(isOffline ? 'offline.words' : 'offline.lostWords')}
    </Banner>
  );
}
