// The keys of the columns that an import keeps for campaigns.
import { foldedText } from './folded-text.ts';

const longest = 100;

/** The key of a column by its name: letters and digits without case and accents; by its place (from 1) without a name. */
export function columnKey(name: string | null, place: number): string {
  const words = foldedText(name ?? '')
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
  return Array.from(words).slice(0, longest).join('') || `column_${place}`;
}
