// The files of a note in the thread, drawn as those of messages.
import type { Note } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { openViewer } from '../media/open.ts';
import type { Viewable } from '../media/viewable.ts';
import { DocumentLink } from '../thread/content/document.tsx';
import { MissingFile } from '../thread/content/file-state.tsx';
import { PictureButton } from '../thread/content/picture.tsx';
import { Player } from '../thread/content/voice.tsx';

type NoteFile = Note['files'][number];

export function NoteFiles({ note, who }: { note: Note; who: string }) {
  const { t } = useTranslation();
  if (note.files.length === 0) return null;
  const viewables = note.files.filter(isViewable).map(
    (file): Viewable => ({
      ...{ id: file.id, conversationId: note.conversation_id, file, isVideo: file.kind === 'video' },
      ...{ caption: undefined, by: { name: who }, at: note.created_at },
    }),
  );
  return (
    <ul aria-label={t('inbox.note.files')} className="note-files">
      {note.files.map(file => (
        <li key={file.id} className="min-w-0">
          <FileOf
            file={file}
            onOpen={() =>
              openViewer(
                viewables.find(({ id }) => id === file.id),
                viewables,
              )
            }
          />
        </li>
      ))}
    </ul>
  );
}

const isViewable = ({ status, kind }: NoteFile) => status === 'stored' && (kind === 'image' || kind === 'video');

function FileOf({ file, onOpen }: { file: NoteFile; onOpen: () => void }) {
  const { t } = useTranslation();
  if (file.status !== 'stored') return <MissingFile kind={file.kind} file={file} />;
  switch (file.kind) {
    case 'image':
    case 'video':
      return (
        <PictureButton file={file} isVideo={file.kind === 'video'} caption={file.filename ?? ''} onOpen={onOpen} />
      );
    case 'audio':
      return <Player file={file} />;
    default:
      return <DocumentLink file={file} name={file.filename ?? t('contentType.inbox.document')} />;
  }
}
