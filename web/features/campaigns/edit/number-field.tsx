// A number with its unit, which is only taken when it is one.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Affix, Field, Input } from '../../../components/field.tsx';
import { useFormat } from '../../../kit/format.ts';

interface Props {
  label: string;
  value: number | null;
  min: number;
  max: number;
  /** Its unit. */
  after: string;
  hint?: string;
  /** An empty field stands for none. */
  empty?: string;
  onChange: (value: number | null) => void;
}

const textOf = (value: number | null) => (value === null ? '' : String(value));

export function NumberField({ label, value, min, max, after, hint, empty, onChange }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [typed, setTyped] = useState(textOf(value));
  const read = (text: string): number | null | undefined => {
    if (text.trim() === '') return empty === undefined ? undefined : null;
    const found = Number(text);
    return Number.isInteger(found) && found >= min && found <= max ? found : undefined;
  };
  // A value from elsewhere replaces a typed one that means another.
  useEffect(() => {
    setTyped(before => (Number(before) === value && before !== '' ? before : textOf(value)));
  }, [value]);
  const isWrong = read(typed) === undefined;
  return (
    <Field
      label={label}
      hint={hint}
      error={isWrong && t('campaigns.numberFrom', { min: number(min), max: number(max) })}
    >
      <Affix after={after}>
        <Input
          inputMode="numeric"
          value={typed}
          placeholder={empty}
          onChange={({ target }) => {
            setTyped(target.value);
            const found = read(target.value);
            if (found !== undefined) onChange(found);
          }}
        />
      </Affix>
    </Field>
  );
}
