// Settings, your account: password, second factor, and where you are logged in.
import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page.tsx';
import { SettingsTabs } from '../settings-tabs.tsx';
import { PasswordCard } from './password-card.tsx';
import { SecondFactorCard } from './second-factor/card.tsx';
import { Sessions } from './sessions.tsx';

export function YouPage() {
  const { t } = useTranslation();
  const example = {
    method: 'GET',
    path: '/api/v1/me/sessions',
    sdk: 'for await (const session of recado.me.listSessions())\n  console.log(session.address, session.renewed_at);',
    personOnly: true,
  };
  return (
    <Page title={t('settings.title')} example={example}>
      <SettingsTabs />
      <div className="grid gap-4 md:gap-6 lg:max-w-190">
        <SecondFactorCard />
        <PasswordCard />
        <Sessions />
      </div>
    </Page>
  );
}
