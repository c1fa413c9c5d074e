// The browser and the system of a session, and whether it is this one.
import type { Session } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { deviceOf } from '../kit/device.ts';
import { Pill } from './marks.tsx';

export function Device({ session: { user_agent, current } }: { session: Pick<Session, 'user_agent' | 'current'> }) {
  const { t } = useTranslation();
  const found = deviceOf(user_agent);
  const device = found?.system ? t('you.browserOn', { ...found }) : (found?.browser ?? t('you.unknownDevice'));
  return (
    <span className="flex items-center gap-2">
      <bdi className="cut font-medium">{device}</bdi>
      {current && <Pill tone="accent">{t('you.thisSession')}</Pill>}
    </span>
  );
}
