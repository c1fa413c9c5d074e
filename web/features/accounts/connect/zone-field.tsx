import type { SelectHTMLAttributes } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Select } from '../../../components/field.tsx';
import { allZones } from './zones.ts';

type Props = SelectHTMLAttributes<HTMLSelectElement> & { error?: string | undefined };

export function ZoneField({ error, ...select }: Props) {
  const { t } = useTranslation();
  return (
    <Field label={t('connect.zone')} hint={t('connect.zoneHint')} error={error}>
      <Select {...select}>
        {allZones().map(zone => (
          <option key={zone}>{zone}</option>
        ))}
      </Select>
    </Field>
  );
}
