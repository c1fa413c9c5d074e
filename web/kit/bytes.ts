// Sizes of files in words: 84 kB, 3.1 MB.
import { useTranslation } from 'react-i18next';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Says a number of bytes in the person's language. */
export function useBytes(): (bytes: number) => string {
  const { i18n } = useTranslation();
  return bytes => {
    const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
    const value = bytes / 1000 ** step;
    const maximumFractionDigits = step >= 2 && value < 100 ? 1 : 0;
    return new Intl.NumberFormat(i18n.language, {
      style: 'unit',
      unit: units[step],
      // The short form of bytes has no plural in English.
      unitDisplay: step === 0 ? 'long' : 'short',
      maximumFractionDigits,
    }).format(value);
  };
}
