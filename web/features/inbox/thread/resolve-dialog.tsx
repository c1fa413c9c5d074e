// A message with an unknown outcome: somebody decides what became of it.

import type { Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { resolutions } from '../../../data/bulk.ts';
import { resolveMessage } from '../../../data/messages.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useGist } from '../../../words/gist.ts';

interface Props {
  open: boolean;
  onClose: () => void;
  message: Message;
  name: string;
}

export function ResolveDialog({ open, onClose, message, name }: Props) {
  const { t } = useTranslation();
  const gist = useGist();
  const resolve = useAction({
    ...resolveMessage,
    onDone: onClose,
  });
  return (
    <Dialog open={open} onClose={onClose} title={t('inbox.resolve.title', { name })}>
      <p className="cut border-s-3 border-warning-solid ps-3 text-text">
        <bdi>{gist(message)}</bdi>
      </p>
      <p>{t('inbox.resolve.words')}</p>
      <ul className="grid gap-2">
        {resolutions.map(resolution => (
          <li key={resolution} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <span className="min-w-0 flex-[1_1_14rem]">{t(`inbox.resolve.${resolution}Words`)}</span>
            <Button
              kind="line"
              busy={resolve.isPending && resolve.variables.resolution === resolution}
              onClick={() => !resolve.isPending && resolve.mutate({ ...message, resolution })}
            >
              {t(`inbox.resolve.${resolution}`)}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
