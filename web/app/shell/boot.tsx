// What stands where nothing is loaded yet: our mark and a bar, as `index.html` has them before the script.
import { useTranslation } from 'react-i18next';
import { Logo } from '../../components/marks.tsx';

export function Boot() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-busy="true" className="boot">
      <span className="sr-only">{t('state.loading')}</span>
      <Logo size={40} />
      <span className="boot-bar" aria-hidden="true" />
    </div>
  );
}
