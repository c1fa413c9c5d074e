// The days of a month with their cost by category.
import { amountOf, unitsOf } from '../../kit/money.ts';
import { daysAfter } from '../../kit/zone-days.ts';

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
  const byDay = new Map<string, bigint[]>();
  for (let day = `${month}-01`; day <= until && day.startsWith(month); day = daysAfter(day, 1))
    byDay.set(
      day,
      categories.map(() => 0n),
    );
  for (const { day, category, amount } of spent) {
    const values = byDay.get(day);
    const place = categories.indexOf(category);
    if (values && place >= 0) values[place] = (values[place] ?? 0n) + unitsOf(amount);
  }
  return [...byDay].map(([day, values]) => ({ day, values: values.map(units => Number(amountOf(units))) }));
}
