import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { useOnline } from '../../kit/online.ts';

export function OfflineBanner() {
  const { t } = useTranslation();
  return useOnline() ? null : (
    <Banner tone="quiet" flat title={t('offline.title')}>
      {t('offline.words')}
    </Banner>
  );
}
