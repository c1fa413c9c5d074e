import { useTranslation } from 'react-i18next';
import { Field } from '../../../components/field.tsx';
import { SearchSelect } from '../../../components/search-select.tsx';
import { findZones, offsetOf } from './zones.ts';

interface Props {
  /** What follows the zone. By default the limits of an account. */
  hint?: string;
  error?: string | undefined;
  name: string;
  value: string;
  onChange: (event: { target: { value: string } }) => void;
}

const find = (text: string) =>
  findZones(text).map(({ name, offset }) => ({ value: name, label: name, detail: offset }));

export function ZoneField({ hint, error, name, value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Field label={t('connect.zone')} hint={hint ?? t('connect.zoneHint')} error={error}>
      <SearchSelect
        label={t('connect.zone')}
        name={name}
        value={value}
        shown={`${value}, ${offsetOf(value, new Date())}`}
        find={find}
        onChange={zone => onChange({ target: { value: zone } })}
      />
    </Field>
  );
}
