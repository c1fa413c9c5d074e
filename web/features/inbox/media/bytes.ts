// The size of a file, as people say it.
import { useTranslation } from 'react-i18next';

const steps = [
  ['byte', 1],
  ['kilobyte', 1_000],
  ['megabyte', 1_000_000],
  ['gigabyte', 1_000_000_000],
] as const;

export function useBytes(): (bytes: number) => string {
  const { i18n } = useTranslation();
  return bytes => {
    const [unit, size] = steps.findLast(([, least]) => bytes >= least) ?? steps[0];
    const value = bytes / size;
    return new Intl.NumberFormat(i18n.language, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: value < 10 && size > 1_000 ? 1 : 0,
    }).format(value);
  };
}
