// In the composer: others of us wrote meanwhile, so nothing was sent, and what came.
import type { Came, Conversation } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { LockKeyhole, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Avatar } from '../../../components/marks.tsx';
import { useMay } from '../../../data/me.ts';
import { createNote, gistOfNote, notesQuery } from '../../../data/notes.ts';
import { useIsTeam } from '../../../data/people.ts';
import { threadQuery } from '../../../data/thread.ts';
import { useFormat } from '../../../kit/format.ts';
import { toast, toastError } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { useGist } from '../../../words/gist.ts';

interface Props {
  conversation: Conversation;
  came: readonly Came[];
}

/** Puts the focus on the button that sends all the same. */
export const focusAnyway = (): void => document.querySelector<HTMLElement>('[data-anyway]')?.focus();

/** Who wrote what since. */
export function Collision({ conversation: { id }, came }: Props) {
  const { t } = useTranslation();
  const { clock, names } = useFormat();
  const gist = useGist();
  const messages = useQuery(threadQuery(id)).data?.messages ?? [];
  const notes = useQuery(notesQuery(id)).data ?? [];
  const nameOf = ({ by }: Came) => by?.name ?? t('composer.clash.phone');
  const who = names([...new Set(came.map(each => `\u2068${nameOf(each)}\u2069`))]);
  const isNote = came.every(({ id }) => id.startsWith('nte_'));
  const first = came[0]?.at ?? '';
  const seen = [...messages, ...notes].map(each => each.created_at).filter(at => at < first);
  const seenUntil = seen.sort().at(-1);
  return (
    <div role="alert" className="grid gap-2.5 border-b border-border px-3.5 py-3 text-13">
      <div className="flex gap-2.5">
        <Users size={16} strokeWidth={1.75} className="mt-0.5 flex-none text-warning" aria-hidden="true" />
        <p className="min-w-0">
          <b className="font-semibold">{t(isNote ? 'composer.clash.titleOfNote' : 'composer.clash.title', { who })}</b>
          {seenUntil !== undefined && (
            <span className="block text-muted">{t('composer.clash.since', { time: clock(seenUntil) })}</span>
          )}
        </p>
      </div>
      <ol className="ms-2 grid max-h-40 gap-1.5 overflow-y-auto border-s-2 border-warning-solid ps-3">
        {came.map(each => {
          const message = messages.find(one => one.id === each.id);
          const note = notes.find(one => one.id === each.id);
          const words = note ? gistOfNote(note) : message ? gist(message) : '';
          return (
            <li key={each.id} className="grid grid-cols-[24px_minmax(0,1fr)_auto] items-center gap-2">
              {note ? (
                <LockKeyhole size={14} strokeWidth={1.75} className="mx-auto text-muted" aria-hidden="true" />
              ) : (
                <Avatar name={nameOf(each)} size="small" />
              )}
              <span className="cut">
                <span className="sr-only">{nameOf(each)}: </span>
                {note && <span className="text-muted">{t('inbox.note.word')}: </span>}
                <bdi>{words}</bdi>
              </span>
              <time dateTime={each.at} className="num text-12 text-faint">
                {clock(each.at)}
              </time>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

interface ActionProps {
  conversation: Conversation;
  text: string;
  onDrop: () => void;
  /** The text is kept as a note. */
  onKept: () => void;
}

/** What to do with a message that was not sent: the form's own button sends it. */
export function CollisionActions({ conversation, text, onDrop, onKept }: ActionProps) {
  const { t } = useTranslation();
  const isTeam = useIsTeam();
  const mayNote = useMay('notes.write') && isTeam;
  const keep = useChange(createNote);
  const asNote = () =>
    keep({ conversationId: conversation.id, body: text.trim() }).then(() => {
      onKept();
      toast(t('composer.clash.kept'));
    }, toastError);
  return (
    <span className="flex flex-wrap justify-end gap-1.5">
      <Button size="small" onClick={onDrop}>
        {t('composer.clash.drop')}
      </Button>
      {mayNote && text.trim() !== '' && (
        <Button size="small" kind="line" onClick={() => void asNote()}>
          {t('composer.clash.keep')}
        </Button>
      )}
      <Button size="small" kind="primary" type="submit" data-anyway="">
        {t('composer.clash.anyway')}
      </Button>
    </span>
  );
}
