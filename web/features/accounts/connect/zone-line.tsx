// The time zone of a new account: that of the browser in a sentence, and the choice of another one on demand.
import { type ComponentProps, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../components/button.tsx';
import { ZoneField } from './zone-field.tsx';

export function ZoneLine(props: ComponentProps<typeof ZoneField>) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  if (isOpen || props.error !== undefined) return <ZoneField {...props} />;
  return (
    <p className="text-13 text-muted">
      {t('connect.zone')}: <bdi className="text-text">{props.value}</bdi>. {t('connect.zoneHint')}{' '}
      <LinkButton onClick={() => setOpen(true)}>{t('connect.zoneChange')}</LinkButton>
    </p>
  );
}
