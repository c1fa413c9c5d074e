// ⌘K: opens the finder. It is there at once: what somebody types next belongs to it.
import * as Radix from '@radix-ui/react-dialog';
import { Scrim } from '../../components/scrim.tsx';
import type { PaletteActs } from './palette/entry.ts';
import { Finder } from './palette/finder.tsx';

export function Palette({ open, ...acts }: PaletteActs & { open: boolean }) {
  return (
    <Radix.Root open={open} onOpenChange={next => !next && acts.onClose()}>
      <Radix.Portal>
        <Scrim className="flex items-start justify-center pt-[12vh]">
          <Finder {...acts} />
        </Scrim>
      </Radix.Portal>
    </Radix.Root>
  );
}
