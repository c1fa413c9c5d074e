// A filter of a few values.
import { Plus } from 'lucide-react';
import { Chip } from '../../components/choose.tsx';
import { Menu, MenuChoice } from '../../components/menu.tsx';

interface Props<Value extends string> {
  label: string;
  value: Value | undefined;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value | undefined) => void;
}

/** A filter of a few values: it opens a menu, and goes when it is pressed again. */
export function ChoiceChip<Value extends string>({ label, value, options, onChange }: Props<Value>) {
  if (value !== undefined)
    return (
      <Chip pressed removable onClick={() => onChange(undefined)}>
        <bdi>{options.find(option => option.value === value)?.label ?? value}</bdi>
      </Chip>
    );
  return (
    <Menu
      label={label}
      trigger={
        <Chip pressed={false} adds>
          <Plus size={14} aria-hidden="true" />
          {label}
        </Chip>
      }
    >
      <MenuChoice label={label} value={'' as Value} options={options} onChange={onChange} />
    </Menu>
  );
}
