// Amounts of money as people read them, and the days of a month with what they cost.
import { useTranslation } from 'react-i18next';
import { daysAfter } from '../../kit/zone-days.ts';

/** Formats amounts of a currency, exact as the API has them; `isRound` without decimals. */
export function useMoney(currency: string): (amount: string | number, isRound?: boolean) => string {
  const { i18n } = useTranslation();
  const look = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const exact = new Intl.NumberFormat(i18n.language, look);
  const round = new Intl.NumberFormat(i18n.language, { ...look, maximumFractionDigits: 0 });
  return (amount, isRound = false) => (isRound ? round : exact).format(Number(amount));
}

interface Spent {
  day: string;
  category: string;
  amount: string;
}

/** Every day of a month up to the last one, with what each category cost. */
export function daysOfMonth(
  month: string,
  until: string,
  spent: readonly Spent[],
  categories: readonly string[],
): { day: string; values: number[] }[] {
  const byDay = new Map<string, number[]>();
  for (let day = `${month}-01`; day <= until && day.startsWith(month); day = daysAfter(day, 1))
    byDay.set(
      day,
      categories.map(() => 0),
    );
  for (const { day, category, amount } of spent) {
    const values = byDay.get(day);
    const place = categories.indexOf(category);
    if (values && place >= 0) values[place] = (values[place] ?? 0) + Number(amount);
  }
  return [...byDay].map(([day, values]) => ({ day, values }));
}
