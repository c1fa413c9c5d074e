import type { Import } from '@recado/client';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '../../../../components/field.tsx';
import { updateImport } from '../../../../data/imports.ts';
import { useAction } from '../../../../kit/use-action.ts';

const choices = ['fill_empty', 'replace', 'skip'] as const;

/** What happens to known contacts. A choice is saved at once, and checked. */
export function IfKnown({ given: { id, if_known: saved } }: { given: Import }) {
  const { t } = useTranslation();
  const fieldId = useId();
  const update = useAction(updateImport);
  const chosen = (update.isPending && update.variables.if_known) || saved;
  return (
    <label htmlFor={fieldId} className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      {t('imports.check.ifKnown')}
      <Select
        id={fieldId}
        className="w-auto! max-w-full"
        value={chosen}
        onChange={({ target }) => {
          const next = choices.find(each => each === target.value);
          if (next) update.mutate({ id, if_known: next });
        }}
      >
        {choices.map(each => (
          <option key={each} value={each}>
            {t(`imports.check.${each}`)}
          </option>
        ))}
      </Select>
    </label>
  );
}
