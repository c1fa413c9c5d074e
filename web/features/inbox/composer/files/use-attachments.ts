// The files that go with the next message.
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { mediaCapabilitiesQuery } from '../../../../data/media.ts';
import { flawOf } from './inspect.ts';
import { guessKind, type Verdict, verdictOn } from './kinds.ts';

export interface Attachment {
  id: number;
  file: File;
  /** Undefined until the limits are known. */
  verdict: Verdict | undefined;
  caption: string;
  /** Of the files that were added together; the focus goes to it. */
  isFirst: boolean;
}

interface How {
  caption?: string;
  /** Whether the focus goes to the first of them. */
  takesFocus?: boolean;
}

export function useAttachments() {
  const client = useQueryClient();
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const last = useRef(0);

  async function add(files: Iterable<File>, { caption = '', takesFocus = true }: How): Promise<void> {
    const added = [...files].map((file, at) => ({
      id: ++last.current,
      file,
      verdict: undefined,
      caption,
      isFirst: takesFocus && at === 0,
    }));
    setAttachments(before => [...before, ...added]);
    const judge = (verdicts: ReadonlyMap<number, Verdict>) =>
      setAttachments(all => all.map(each => ({ ...each, verdict: verdicts.get(each.id) ?? each.verdict })));
    // The mistakes of the file itself need no server.
    const flaws = await Promise.all(added.map(async ({ id, file }) => [id, file, await flawOf(file)] as const));
    judge(new Map(flaws.flatMap(([id, file, problem]) => (problem ? [[id, { kind: guessKind(file), problem }]] : []))));
    const capabilities = await client.ensureQueryData({ ...mediaCapabilitiesQuery, revalidateIfStale: true });
    const isSound = flaws.filter(([, , flaw]) => flaw === undefined);
    judge(new Map(isSound.map(([id, file]) => [id, verdictOn(file, capabilities)])));
  }

  return {
    attachments,
    /** Checks and shows files. Without an answer of the server they are checked when they are sent. */
    add: (files: Iterable<File>, how: How = {}) => void add(files, how).catch(() => undefined),
    remove: (id: number) => setAttachments(all => all.filter(each => each.id !== id)),
    setCaption: (id: number, caption: string) =>
      setAttachments(all => all.map(each => (each.id === id ? { ...each, caption } : each))),
    clear: () => setAttachments([]),
  };
}

export type Attachments = ReturnType<typeof useAttachments>;
