// The files that go with the next message.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { mediaCapabilitiesQuery } from '../../../../data/media.ts';
import { type Verdict, verdictOn } from './kinds.ts';

export interface Attachment {
  id: number;
  file: File;
  /** Undefined until the limits are known. */
  verdict: Verdict | undefined;
  caption: string;
}

export function useAttachments() {
  const client = useQueryClient();
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const last = useRef(0);

  async function add(files: Iterable<File>): Promise<void> {
    const added = [...files].map(file => ({ id: ++last.current, file, verdict: undefined, caption: '' }));
    setAttachments(before => [...before, ...added]);
    const capabilities = await client.ensureQueryData({ ...mediaCapabilitiesQuery, revalidateIfStale: true });
    const ids = new Set(added.map(({ id }) => id));
    setAttachments(all =>
      all.map(each => (ids.has(each.id) ? { ...each, verdict: verdictOn(each.file, capabilities) } : each)),
    );
  }

  return {
    attachments,
    /** Checks and shows files. Without an answer of the server they are checked when they are sent. */
    add: (files: Iterable<File>) => void add(files).catch(() => undefined),
    remove: (id: number) => setAttachments(all => all.filter(each => each.id !== id)),
    setCaption: (id: number, caption: string) =>
      setAttachments(all => all.map(each => (each.id === id ? { ...each, caption } : each))),
    clear: () => setAttachments([]),
  };
}

export type Attachments = ReturnType<typeof useAttachments>;
