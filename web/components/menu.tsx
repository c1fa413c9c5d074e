// A menu of actions. It leaves out whatever a role may not do.
import * as Radix from '@radix-ui/react-dropdown-menu';
import { Check, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../kit/class-names.ts';

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  label: string;
  /** Where more than its trigger opens it. */
  isOpen?: boolean;
  onOpen?: (isOpen: boolean) => void;
  /** A long one, below the start of its trigger. */
  isLong?: boolean;
}

export function Menu({ trigger, children, label, isOpen, onOpen, isLong = false }: MenuProps) {
  return (
    // Not modal: a modal one writes a style element, which the policy of the page rejects.
    <Radix.Root modal={false} {...(isOpen !== undefined && { open: isOpen })} {...(onOpen && { onOpenChange: onOpen })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={isLong ? 'start' : 'end'}
          sideOffset={4}
          collisionPadding={8}
          className={cx(
            // As high as the window allows: a lower one would hide its last items, and nothing would say so.
            'z-(--z-menu) max-h-(--radix-dropdown-menu-content-available-height) overflow-y-auto rounded-[8px] bg-raised p-1 shadow-float',
            isLong ? 'w-72 max-w-[calc(100vw-32px)]' : 'min-w-52',
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const itemLook =
  'flex h-control cursor-pointer items-center gap-2.5 rounded-[5px] px-2 outline-none data-highlighted:bg-active data-disabled:text-faint';

interface ItemProps {
  icon?: LucideIcon;
  /** Instead of an icon. */
  mark?: ReactNode;
  /** It is the one of several that holds. */
  isChosen?: boolean;
  danger?: boolean;
  end?: ReactNode;
  /** Not possible now; the menu says by what it lacks. */
  isOff?: boolean;
  /** It is what the page shows. */
  isCurrent?: boolean;
  /** Below it: why it is not possible, or what it means. */
  why?: string | undefined;
  onSelect: () => void;
  children: ReactNode;
}

export const MenuItem = (props: ItemProps) => {
  const { icon: Icon, mark, isChosen, isCurrent = false, danger = false, end, isOff = false, why } = props;
  return (
    <Radix.Item
      disabled={isOff}
      aria-current={isChosen || isCurrent || undefined}
      onSelect={props.onSelect}
      className={cx(
        itemLook,
        danger && 'text-danger',
        isCurrent && 'bg-selected',
        why !== undefined && 'h-auto! min-h-control py-1',
      )}
    >
      {mark}
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" className={danger ? undefined : 'text-muted'} />}
      <span className="min-w-0 flex-1">
        {props.children}
        {why !== undefined && <span className="block max-w-64 text-12/4 text-muted">{why}</span>}
      </span>
      {end && <span className="num text-12 text-faint">{end}</span>}
      {isChosen && <Check size={16} aria-hidden="true" className="flex-none text-accent-text" />}
    </Radix.Item>
  );
};

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

export function MenuChoice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <>
      <MenuLabel>{label}</MenuLabel>
      <Radix.RadioGroup value={value} onValueChange={next => onChange(next as Value)}>
        {options.map(option => (
          <Radix.RadioItem key={option.value} value={option.value} className={itemLook}>
            <span className="flex-1">{option.label}</span>
            <Radix.ItemIndicator>
              <Check size={16} aria-hidden="true" className="text-accent-text" />
            </Radix.ItemIndicator>
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </>
  );
}

/** Names the items below it. */
export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2 pt-1.5 pb-1 text-12 font-medium text-faint">{children}</Radix.Label>
);

export const MenuRule = () => <Radix.Separator className="-mx-1 my-1 border-t border-border" />;
