// Reads rate cards: the CSV files of the channel, and files of volume tiers.
import { type RateCardKind, type RateCategory, rateCategories } from '@recado/contract';
import { CsvError, csvReader } from '../../kit/text/csv-reader.ts';
import { problem } from './errors.ts';

/** A rate. `amount` is a decimal text, as money is exact. */
export interface Rate {
  market: string;
  category: RateCategory;
  /** From which message of the month on, counted from 1. */
  tierFrom: number;
  amount: string;
}

export interface RateFile {
  kind: RateCardKind;
  currency: string;
  markets: number;
  rates: Rate[];
}

const limits = { columns: 40, cell: 2_000, row: 20_000 };
const amountForm = /^\d{1,8}(\.\d{1,6})?$/;
/** What a card writes for a rate that it does not have. It never means free. */
const noRate = new Set(['n/a', 'na', '-', '–', '—', '']);

const unreadable = (message: string) =>
  problem('rate_card_unreadable', message, { fields: [{ field: 'text', message }] });

/** The words of a header cell, which the channel breaks into lines. */
const headerOf = (cell: string) =>
  cell
    .replaceAll(/[\s*†]+/g, ' ')
    .trim()
    .toLowerCase();
const categoryOf = (text: string) => {
  const name = headerOf(text).replaceAll(/[ _-]+/g, '-');
  return rateCategories.find(category => category === name);
};

/** The amount of a cell; undefined for no rate. @throws AppError */
function amountOf(cell: string, row: number): string | undefined {
  const text = cell
    .trim()
    .replace(/^[$€£₹]|R\$\s*/u, '')
    .trim();
  if (noRate.has(text.toLowerCase())) return undefined;
  if (!amountForm.test(text))
    throw unreadable(`Row ${row} has "${cell.trim().slice(0, 40)}" where a rate like 0.0625 or n/a must be.`);
  return text;
}

function rowsOf(text: string) {
  const reader = csvReader(',', limits);
  try {
    const rows = [...reader.push(text.replace(/^\ufeff/, '')), ...reader.end()];
    const broken = rows.find(({ fault }) => fault);
    if (broken) throw unreadable(`Line ${broken.line} has a broken quote. Send the file unchanged.`);
    return rows;
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(`Row ${error.row} cannot be read. Send the file unchanged.`);
    throw error;
  }
}

/**
 * Reads a rate card. Lines before the header are comments. A cell `n/a` is no rate.
 * @throws AppError rate_card_unreadable
 */
export function readRateFile(text: string): RateFile {
  const rows = rowsOf(text);
  const at = rows.findIndex(({ cells }) => headerOf(cells[0] ?? '') === 'market' && cells.length >= 3);
  const header = rows[at];
  if (!header) throw unreadable('It has no row that begins with Market and names the columns.');
  const names = header.cells.map(headerOf);
  const currencyAt = names.indexOf('currency');
  if (currencyAt < 0) throw unreadable('It has no column Currency.');
  const body = rows
    .slice(at + 1)
    .filter(
      ({ cells }) => (cells[0] ?? '').trim() !== '' && cells.some((cell, place) => place > 0 && cell.trim() !== ''),
    );
  const currencies = new Set(body.map(({ cells }) => (cells[currencyAt] ?? '').trim().toUpperCase()));
  const [currency = ''] = currencies;
  if (currencies.size !== 1 || !/^[A-Z]{3}$/.test(currency))
    throw unreadable('Each row must have the same currency, in three letters.');
  const columns = { category: names.indexOf('category'), from: names.indexOf('from'), rate: names.indexOf('rate') };
  const kind = columns.category >= 0 && columns.from >= 0 && columns.rate >= 0 ? 'tiers' : 'rates';
  const categories = header.cells.map(categoryOf);
  if (kind === 'rates' && !categories.some(Boolean))
    throw unreadable('It has no column of a category, like Marketing.');
  const rates = body.flatMap(({ cells, number }): Rate[] => {
    const market = (cells[0] ?? '').replaceAll(/\s+/g, ' ').trim();
    if (kind === 'tiers') {
      const category = categoryOf(cells[columns.category] ?? '');
      const from = (cells[columns.from] ?? '').replaceAll(',', '').trim();
      const amount = amountOf(cells[columns.rate] ?? '', number);
      if (!category || !/^\d{1,12}$/.test(from) || amount === undefined)
        throw unreadable(`Row ${number} must have a category, a number from which it counts, and a rate.`);
      return [{ market, category, tierFrom: Math.max(1, Number(from)), amount }];
    }
    return categories.flatMap((category, place) => {
      if (!category) return [];
      const amount = amountOf(cells[place] ?? '', number);
      return amount === undefined ? [] : [{ market, category, tierFrom: 1, amount }];
    });
  });
  const places = new Set(rates.map(({ market, category, tierFrom }) => `${market}\n${category}\n${tierFrom}`));
  if (places.size !== rates.length) throw unreadable('A market is in it twice.');
  if (rates.length === 0) throw unreadable('It has no rate.');
  return { kind, currency, markets: new Set(rates.map(({ market }) => market)).size, rates };
}
