// Takes files that are dropped anywhere on an area of the page.
import { FilePlus2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

interface Props {
  /** Within the area. */
  inside: React.RefObject<HTMLElement | null>;
  /** What dropping them does. */
  words: string;
  onFiles: (files: FileList) => void;
}

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true;

export function DropArea({ inside, words, onFiles }: Props) {
  const [box, setBox] = useState<DOMRect>();
  const take = useRef(onFiles);
  take.current = onFiles;

  useEffect(() => {
    const area = inside.current?.parentElement;
    if (!area) return;
    const stop = new AbortController();
    const { signal } = stop;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setBox(area.getBoundingClientRect());
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (!area.contains(relatedTarget as Node | null)) setBox(undefined);
    };
    const drop = (event: DragEvent) => {
      setBox(undefined);
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      take.current(event.dataTransfer.files);
    };
    area.addEventListener('dragover', over, { signal });
    area.addEventListener('dragleave', leave, { signal });
    area.addEventListener('drop', drop, { signal });
    return () => stop.abort();
  }, [inside]);

  if (!box) return null;
  const { left, top, width, height } = box;
  return createPortal(
    <div className="pointer-events-none fixed z-(--z-menu) p-2" style={{ left, top, width, height }}>
      <p className="grid h-full place-content-center justify-items-center gap-2 rounded-card border-2 border-dashed border-accent-line bg-surface/90 text-16 font-medium text-accent-text">
        <FilePlus2 size={20} strokeWidth={1.6} aria-hidden="true" />
        {words}
      </p>
    </div>,
    document.body,
  );
}
