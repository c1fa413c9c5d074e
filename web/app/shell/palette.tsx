// ⌘K: opens the finder. It is there at once: what somebody types next belongs to it.
import * as Radix from '@radix-ui/react-dialog';
import type { PaletteActs } from './palette/entry.ts';
import { Finder } from './palette/finder.tsx';

export function Palette({ open, ...acts }: PaletteActs & { open: boolean }) {
  return (
    <Radix.Root open={open} onOpenChange={next => !next && acts.onClose()}>
      <Radix.Portal>
        <div data-scrim className="fixed inset-0 z-(--z-dialog) flex items-start justify-center bg-scrim p-4 pt-[12vh]">
          <Finder {...acts} />
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
