// How this browser tells of new messages while nobody looks.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Switch } from '../../components/field.tsx';
import { Card, CardBody, CardHead } from '../../components/surfaces.tsx';
import {
  askForNotifications,
  notificationPermission,
  setNoticeSetting,
  useNoticeSetting,
} from '../../kit/notice-settings.ts';

export function NoticesCard() {
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
      <CardHead title={t('notices.title')} />
      <CardBody>
        <div className="grid justify-items-start gap-4">
          <p className="text-muted">{t('notices.words')}</p>
          <Switch
            label={t('notices.sound')}
            checked={hasSound}
            onChange={({ target }) => setNoticeSetting('sound', target.checked)}
          />
          <div className="grid gap-1">
            <Switch
              label={t('notices.notifications')}
              checked={isOn}
              disabled={isImpossible}
              onChange={({ target }) => void change(target.checked)}
            />
            {isImpossible && <p className="text-13 text-muted">{t(`notices.why.${permission}`)}</p>}
          </div>
        </div>
      </CardBody>
    </Card>
  );
}
