// Whether this browser tells of what is new while nobody looks: its own permission, and what the person chose here.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { Switch } from '../../components/field.tsx';
import { Card, CardBody, CardHead, Setting } from '../../components/surfaces.tsx';
import {
  askForNotifications,
  notificationPermission,
  setNoticeSetting,
  useNoticeSetting,
} from '../../kit/notice-settings.ts';

export function ThisBrowser() {
  const { t } = useTranslation();
  const hasSound = useNoticeSetting('sound') !== false;
  const chosen = useNoticeSetting('notifications');
  const [permission, setPermission] = useState(notificationPermission);
  const isOn = permission === 'granted' && chosen !== false;
  const change = async (isWanted: boolean) => {
    if (isWanted && permission === 'default') setPermission(await askForNotifications());
    else setNoticeSetting('notifications', isWanted);
  };
  const isImpossible = permission === 'denied' || permission === 'unsupported';
  return (
    <Card>
      <CardHead title={t('hear.thisBrowser')} />
      <CardBody>
        <div className="grid gap-4">
          {isImpossible && (
            <Banner tone="warning" flat title={t(`hear.blocked.${permission}`)}>
              {t(`hear.why.${permission}`)}
            </Banner>
          )}
          <div>
            <Setting title={t('hear.notifications')} hint={t('hear.notificationsHint')}>
              <Switch
                hidden
                label={t('hear.notifications')}
                checked={isOn}
                disabled={isImpossible}
                onChange={({ target }) => void change(target.checked)}
              />
            </Setting>
            <Setting title={t('hear.soundHere')} hint={t('hear.soundHereHint')}>
              <Switch
                hidden
                label={t('hear.soundHere')}
                checked={hasSound}
                onChange={({ target }) => setNoticeSetting('sound', target.checked)}
              />
            </Setting>
          </div>
        </div>
      </CardBody>
    </Card>
  );
}
