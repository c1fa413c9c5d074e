// Tooltips: the name of an icon, or why something is not possible. Never news.
import * as Tooltip from '@radix-ui/react-tooltip';
import type { FocusEvent, ReactNode } from 'react';
import { type HotkeyName, keycapsOf } from '../kit/hotkeys.ts';
import { Kbd } from './marks.tsx';

export const TipProvider = ({ children }: { children: ReactNode }) => (
  <Tooltip.Provider delayDuration={400}>{children}</Tooltip.Provider>
);

interface Props {
  text: string;
  /** The key that does the same. */
  hotkey?: HotkeyName | undefined;
  children: ReactNode;
}

/** A focus that a closing dialog gives back to the user of a mouse opens no tooltip. */
function onlyOfKeyboard(event: FocusEvent<HTMLElement>): void {
  if (!event.currentTarget.matches(':focus-visible')) event.preventDefault();
}

export function Tip({ text, hotkey, children }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild onFocus={onlyOfKeyboard}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-(--z-menu) max-w-72 rounded-control bg-raised px-2.5 py-1.5 text-12 text-text shadow-float"
        >
          {text}
          {hotkey && (
            <span className="ms-2 inline-flex gap-1" dir="ltr">
              {keycapsOf(hotkey).map(cap => (
                <Kbd key={cap}>{cap}</Kbd>
              ))}
            </span>
          )}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
