// What can be done with a row, behind ⋯.
import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { Menu } from './menu.tsx';

interface Props {
  /** The name of the row. */
  name: string;
  /** Beside large controls. */
  isLarge?: boolean;
  /** The keys of the table reach it, not Tab. */
  isSkipped?: boolean;
  /** Items and rules of the menu. */
  children: ReactNode;
}

export function RowMenu({ name, isLarge = false, isSkipped = false, children }: Props) {
  const { t } = useTranslation();
  const label = t('table.actionsOf', { name });
  return (
    <Menu
      label={label}
      trigger={
        <IconButton
          icon={Ellipsis}
          label={label}
          {...(!isLarge && { size: 'small' as const })}
          {...(isSkipped && { tabIndex: -1 })}
        />
      }
    >
      {children}
    </Menu>
  );
}
