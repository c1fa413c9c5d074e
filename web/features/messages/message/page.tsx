import { useTranslation } from 'react-i18next';
import { Page } from '../../../components/page.tsx';

export function MessagePage() {
  const { t } = useTranslation();
  return <Page title={t('queue.title')}>{null}</Page>;
}
