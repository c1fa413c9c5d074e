// How long a text may be, said before it is too long.
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../kit/format.ts';

/** What WhatsApp takes in one text. */
export const mostLetters = 4_096;
const warnFrom = 3_500;

/** The count from near the end on, and why a longer text cannot be sent. Its id describes the field. */
export function Length({ id, letters }: { id: string; letters: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (letters < warnFrom) return null;
  const isTooLong = letters > mostLetters;
  return (
    <p id={id} className="flex flex-wrap justify-end gap-x-3 px-3.5 text-12 text-muted">
      {isTooLong && (
        <span role="alert" className="flex-1 text-danger">
          {t('composer.tooLong', { most: number(mostLetters) })}
        </span>
      )}
      <span className={isTooLong ? 'num text-danger' : 'num'}>
        {t('composer.letters', { number: number(letters), most: number(mostLetters) })}
      </span>
    </p>
  );
}
