// What a person accepts before the first link of an account.
import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Check } from '../../../components/field.tsx';

const sentences = ['unofficial', 'ban', 'unwanted', 'change', 'number'] as const;

interface Props {
  accepted: boolean;
  onChange: (accepted: boolean) => void;
  /** What is missing, in words. */
  error?: string | undefined;
}

export function Consent({ accepted, onChange, error }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section aria-labelledby={`${id}-title`} className="grid gap-2.5 rounded-card bg-warning-soft px-4 py-3.5 text-13">
      <h3 id={`${id}-title`} className="flex items-center gap-2 font-strong text-warning">
        <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
        {t('link.consent.title')}
      </h3>
      <ul className="grid list-disc gap-1 ps-5 marker:text-faint">
        {sentences.map(name => (
          <li key={name}>{t(`link.consent.${name}`)}</li>
        ))}
      </ul>
      <Check
        className="font-medium"
        label={t('link.consent.accept')}
        checked={accepted}
        onChange={({ target }) => onChange(target.checked)}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
      />
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="text-danger">
          {error}
        </p>
      )}
    </section>
  );
}
