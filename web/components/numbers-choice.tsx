// Whether a person or an API key sees the phone numbers of contacts.
import { useTranslation } from 'react-i18next';
import { Check } from './field.tsx';

interface Props {
  value: boolean;
  onChange: (value: boolean) => void;
}

export function NumbersChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-1">
      <Check label={t('people.numbers.label')} checked={value} onChange={({ target }) => onChange(target.checked)} />
      <p className="text-13 text-muted">{t('people.numbers.hint')}</p>
    </div>
  );
}
