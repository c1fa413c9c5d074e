// The control for a value of one of the workspace's own fields, as its type needs it.
import type { ContactField } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Input, Select } from '../../components/field.tsx';

interface Props {
  field: ContactField;
  /** As a text; empty for none. */
  value: string;
  onChange: (value: string) => void;
}

export function FieldInput({ field, value, onChange }: Props) {
  const { t } = useTranslation();
  const common = {
    value,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  };
  if (field.type === 'yes_no')
    return (
      <Select {...common}>
        <option value="" />
        <option value="true">{t('fields.yes')}</option>
        <option value="false">{t('fields.no')}</option>
      </Select>
    );
  if (field.type === 'choice') {
    const choices = field.choices ?? [];
    return (
      <Select {...common}>
        <option value="" />
        {/* A choice that is gone stays until somebody changes it. */}
        {[...(value === '' || choices.includes(value) ? [] : [value]), ...choices].map(choice => (
          <option key={choice}>{choice}</option>
        ))}
      </Select>
    );
  }
  if (field.type === 'date') return <Input type="date" {...common} />;
  return <Input autoComplete="off" {...(field.type === 'number' && { inputMode: 'decimal' as const })} {...common} />;
}
