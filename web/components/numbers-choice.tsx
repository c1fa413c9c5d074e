// Whether a person, an API key or an endpoint sees the phone numbers of contacts.
import { useTranslation } from 'react-i18next';
import { Check } from './field.tsx';

interface Props {
  value: boolean;
  onChange: (value: boolean) => void;
  /** What happens without them. Default: the words for people. */
  hint?: string;
}

export function NumbersChoice({ value, onChange, hint }: Props) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-1">
      <Check label={t('people.numbers.label')} checked={value} onChange={({ target }) => onChange(target.checked)} />
      <p className="text-13 text-muted">{hint ?? t('people.numbers.hint')}</p>
    </div>
  );
}
