// The value of a condition, as its fact and its comparison need it.
import type { FactKind } from '@recado/contract';
import { X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Affix, Input, Select } from '../../../components/field.tsx';
import { type DraftCondition, dayOf, isDays, timeOf } from './draft.ts';
import type { Option } from './words.ts';

interface Props {
  condition: DraftCondition;
  kind: FactKind;
  choices: readonly Option[] | undefined;
  /** The id of the words that say what it lacks. */
  describedBy: string | undefined;
  invalid: boolean;
  onChange: (values: readonly string[]) => void;
}

const small = 'h-control-s! text-13';

export function ValueInput(props: Props) {
  const { condition, choices, describedBy, invalid, onChange } = props;
  const { t } = useTranslation();
  const { op, values } = condition;
  const common = { 'aria-describedby': describedBy, 'aria-invalid': invalid || undefined };
  if (op === 'is_set' || op === 'not_set') return null;
  if (isDays(op))
    return (
      <Affix after={t('segments.days')} className="h-control-s!">
        <Input
          {...common}
          inputMode="numeric"
          autoComplete="off"
          className={`${small} num`}
          aria-label={t('segments.days')}
          value={values[0] ?? ''}
          onChange={({ target }) => onChange([target.value])}
        />
      </Affix>
    );
  if (op === 'in') return <Tokens {...props} />;
  if (op === 'between')
    return (
      <span className="grid grid-cols-2 gap-2">
        <One {...props} label={t('segments.from')} place={0} />
        <One {...props} label={t('segments.until')} place={1} />
      </span>
    );
  if (choices)
    return (
      <Select
        {...common}
        className={small}
        aria-label={t('segments.value')}
        value={values[0] ?? ''}
        onChange={({ target }) => onChange(target.value === '' ? [] : [target.value])}
      >
        <Choices choices={choices} values={values} />
      </Select>
    );
  return <One {...props} label={t('segments.value')} place={0} />;
}

/** The choices, and one that is gone, until somebody changes it. */
function Choices({ choices, values }: { choices: readonly Option[]; values: readonly string[] }) {
  const { t } = useTranslation();
  const [value] = values;
  const isGone = value !== undefined && !choices.some(choice => choice.value === value);
  return (
    <>
      <option value="">{t('segments.choose')}</option>
      {isGone && <option value={value}>{/^(lbl|acc)_/.test(value) ? t('segments.gone') : value}</option>}
      {choices.map(choice => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </>
  );
}

/** One typed value. */
function One({
  condition,
  kind,
  describedBy,
  invalid,
  onChange,
  label,
  place,
}: Props & { label: string; place: 0 | 1 }) {
  const { op, values } = condition;
  const value = values[place] ?? '';
  const change = (text: string) => {
    const next = [values[0] ?? '', values[1] ?? ''];
    next[place] = text;
    onChange(op === 'between' ? next : [text]);
  };
  const common = {
    'aria-label': label,
    'aria-describedby': describedBy,
    'aria-invalid': invalid || undefined,
    className: small,
    autoComplete: 'off',
  };
  if (kind === 'date')
    return <Input {...common} type="date" value={value} onChange={({ target }) => change(target.value)} />;
  if (kind === 'moment' || kind === 'last') {
    // After a day begins when it ends, and a range has its last day.
    const end = op === 'after' || (op === 'between' && place === 1);
    return (
      <Input
        {...common}
        type="date"
        value={value === '' ? '' : dayOf(value)}
        onChange={({ target }) => change(timeOf(target.value, end))}
      />
    );
  }
  const numeric = kind === 'number' || kind === 'count';
  return (
    <Input
      {...common}
      {...(numeric && { inputMode: 'decimal' as const })}
      value={value}
      maxLength={500}
      onChange={({ target }) => change(target.value)}
    />
  );
}

/** Several values, each with a cross; more are chosen, or typed and added with Enter. */
function Tokens({ condition, choices, describedBy, invalid, onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const { values } = condition;
  const add = (value: string) => {
    if (value.trim() !== '' && !values.includes(value)) onChange([...values, value]);
    setTyped('');
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add(typed.trim());
  };
  const nameOf = (value: string) => choices?.find(choice => choice.value === value)?.label ?? value;
  const common = { 'aria-describedby': describedBy, 'aria-invalid': invalid || undefined };
  return (
    <span className="flex min-h-control-s min-w-0 flex-wrap items-center gap-1 rounded-control border border-line bg-surface p-0.5">
      {values.map(value => (
        <span
          key={value}
          className="inline-flex h-6 max-w-full min-w-0 items-center rounded-badge bg-accent-soft ps-1.5 text-13 font-medium text-accent-text"
        >
          <bdi className="cut">{nameOf(value)}</bdi>
          <button
            type="button"
            aria-label={t('segments.removeValue', { value: nameOf(value) })}
            onClick={() => onChange(values.filter(each => each !== value))}
            className="grid size-6 flex-none place-items-center rounded-badge hover:text-text"
          >
            <X size={13} aria-hidden="true" />
          </button>
        </span>
      ))}
      {choices ? (
        <Select
          {...common}
          aria-label={t('segments.addValue')}
          className="h-6! w-auto! flex-1 border-transparent! bg-transparent text-13 text-muted!"
          value=""
          onChange={({ target }) => add(target.value)}
        >
          <option value="">{t('segments.addValue')}</option>
          {choices
            .filter(choice => !values.includes(choice.value))
            .map(choice => (
              <option key={choice.value} value={choice.value}>
                {choice.label}
              </option>
            ))}
        </Select>
      ) : (
        <Input
          {...common}
          aria-label={t('segments.addValue')}
          placeholder={t('segments.typeValue')}
          className="h-6! min-w-32 flex-1 border-transparent! text-13"
          autoComplete="off"
          maxLength={500}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onKeyDown={press}
          onBlur={() => add(typed.trim())}
        />
      )}
    </span>
  );
}
