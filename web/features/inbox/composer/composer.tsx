// The composer of a conversation: a card to write in, or the templates where WhatsApp allows nothing else.
import { useTranslation } from 'react-i18next';
import { useMay } from '../../../kit/me.ts';
import type { ComposerProps } from './props.ts';
import { useWindowOpen } from './use-window.ts';
import { WriteCard } from './write-card.tsx';

export function Composer(props: ComposerProps) {
  const { t } = useTranslation();
  const may = useMay('messages.create');
  const isOpen = useWindowOpen(props.conversation);
  if (!may) return <p className="flex-none px-4 pt-2 pb-4 text-center text-13 text-muted">{t('composer.mayNot')}</p>;
  return (
    <div className="flex-none px-2 pb-2 md:px-4 md:pb-4">
      {isOpen && <WriteCard key={props.conversation.id} {...props} />}
    </div>
  );
}
