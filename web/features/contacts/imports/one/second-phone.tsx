// Two columns hold numbers: which one is taken, and where the other one counts.
import type { Import } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Select } from '../../../../components/field.tsx';
import { Card } from '../../../../components/surfaces.tsx';
import { updateImport } from '../../../../data/imports.ts';
import { useFormat } from '../../../../kit/format.ts';
import { useAction } from '../../../../kit/use-action.ts';
import { useColumnName } from '../words.ts';

/** A choice is saved at once, and checked. */
export function SecondPhone({ given }: { given: Import }) {
  const { t } = useTranslation();
  const { names, number } = useFormat();
  const columnName = useColumnName();
  const update = useAction(updateImport);
  const phones = given.columns.filter(({ target }) => target === 'phone' || target === 'second_phone');
  const first = phones.find(({ target }) => target === 'phone');
  if (!first || phones.length < 2) return null;
  const namesWithout = (column: number) => names(phones.filter(each => each.column !== column).map(columnName));
  return (
    <Card className="grid gap-2 p-4 md:p-5">
      <h2>{t('imports.second.title', { n: number(phones.length) })}</h2>
      <p className="text-13 text-muted">
        {t('imports.second.words', {
          first: columnName(first),
          others: namesWithout(first.column),
          n: number(given.counts.second_phone),
        })}
      </p>
      <Select
        aria-label={t('imports.second.which')}
        className="w-auto! max-w-full justify-self-start"
        value={String(first.column)}
        disabled={update.isPending}
        onChange={({ target }) =>
          update.mutate({
            id: given.id,
            columns: phones.map(({ column }) => ({
              column,
              target: String(column) === target.value ? 'phone' : 'second_phone',
            })),
          })
        }
      >
        {phones.map(phone => (
          <option key={phone.column} value={phone.column}>
            {t('imports.second.order', { first: columnName(phone), others: namesWithout(phone.column) })}
          </option>
        ))}
      </Select>
    </Card>
  );
}
