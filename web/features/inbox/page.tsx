import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page.tsx';

export function InboxPage() {
  const { t } = useTranslation();
  return <Page title={t('inbox.title')}>{null}</Page>;
}
