// Loads the viewer when somebody opens a file.
import { lazy, Suspense } from 'react';
import { useViewed } from './open.ts';

const Viewer = lazy(async () => ({ default: (await import('./viewer.tsx')).Viewer }));

export function ViewerSlot({ name }: { name: string }) {
  const message = useViewed();
  return message ? (
    <Suspense fallback={null}>
      <Viewer message={message} name={name} />
    </Suspense>
  ) : null;
}
