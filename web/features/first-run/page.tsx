import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page.tsx';

export function FirstRunPage() {
  const { t } = useTranslation();
  return <Page title={t('firstRun.title')}>{null}</Page>;
}
