// The room of a chart: as wide as its place, drawn once its width is known. Time runs from left to right in each language.
import type { ReactNode } from 'react';
import { useWidth } from './use-width.ts';

interface Size {
  width: number;
  height: number;
}

export function Frame({
  height = 236,
  children,
}: {
  height?: number | undefined;
  children: (size: Size) => ReactNode;
}) {
  const [measure, width] = useWidth();
  return (
    <div ref={measure} className="chart" dir="ltr" style={{ height }}>
      {width > 0 && children({ width, height })}
    </div>
  );
}
