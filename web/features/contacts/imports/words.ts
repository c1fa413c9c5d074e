// States, fates and codes of imports, in words.
import type { Import, ImportRow } from '@recado/client';
import type { ImportState } from '@recado/contract';
import { CircleAlert, CircleCheck, CircleSlash, Clock, type LucideIcon, TableProperties, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Tone } from '../../../components/marks.tsx';
import { phoneToRead } from '../../../kit/phone.ts';
import { useTextOr } from '../../../kit/text-or.ts';

export const stateLooks: Record<ImportState, { tone: Tone; icon: LucideIcon }> = {
  uploaded: { tone: 'warning', icon: TableProperties },
  checking: { tone: 'info', icon: Clock },
  ready: { tone: 'accent', icon: CircleCheck },
  running: { tone: 'info', icon: Clock },
  finished: { tone: 'success', icon: CircleCheck },
  failed: { tone: 'danger', icon: CircleAlert },
  cancelled: { tone: 'neutral', icon: CircleSlash },
  undoing: { tone: 'info', icon: Clock },
  undone: { tone: 'neutral', icon: Undo2 },
};

/** Encodings as programs that save files name them. */
export const encodingNames: Record<Import['file']['encoding'], string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252',
};

/** The name of a column, or its place in a file without names. */
export function useColumnName(): (column: { column: number; name: string | null } | undefined) => string {
  const { t } = useTranslation();
  return column => column?.name || t('imports.columns.column', { number: column?.column ?? 1 });
}

/** The name of a country, by its two letters. */
export function useCountryName(): (code: string) => string {
  const { i18n } = useTranslation();
  return code => new Intl.DisplayNames(i18n.language, { type: 'region' }).of(code) ?? code;
}

/** Why a row is not valid, or what became of it otherwise; empty where there is nothing to say. */
export function useRowWords(): (row: Pick<ImportRow, 'code' | 'message' | 'suggestion'>) => string {
  const { t, i18n } = useTranslation();
  const { tOr } = useTextOr();
  const countryName = useCountryName();
  return ({ code, message, suggestion }) => {
    if (code === null) return '';
    // The sentence of the server is English, and names the values.
    if (i18n.language === 'en' && message !== null) return message;
    // The sentence begins with the line of the file, where the code is one of its quotes.
    const [, line = '', until = line] = /^Line (\d+).*?(?:Lines \d+ to (\d+)|$)/.exec(message ?? '') ?? [];
    const cause = tOr(`imports.code.${code}`, message ?? code, { line, until });
    if (!suggestion) return cause;
    // The number runs from left to right, also within Arabic.
    const phone = `\u2066${phoneToRead(suggestion.phone)}\u2069`;
    const remedy =
      suggestion.country === null
        ? t('imports.bad.maybe', { phone })
        : t('imports.bad.inCountry', { country: countryName(suggestion.country), phone });
    return `${cause} ${remedy}`;
  };
}
