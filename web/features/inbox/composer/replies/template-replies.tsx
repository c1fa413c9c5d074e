// While the window is closed: the saved replies with a template, found as those that / opens.
import type { SavedReply } from '@recado/client';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Input } from '../../../../components/field.tsx';
import { countReplyUse } from '../../../../data/saved-replies.ts';
import { useAction } from '../../../../kit/use-action.ts';
import { useShortName } from '../name.ts';
import type { ComposerProps } from '../props.ts';
import { matches } from './match.ts';
import { type Offer, useRepliesOf } from './of-conversation.ts';
import { RepliesPanel } from './panel.tsx';

interface Props extends Pick<ComposerProps, 'conversation' | 'account'> {
  onOffer: (offer: Offer) => void;
  onClose: () => void;
}

export function TemplateReplies({ conversation, account, onOffer, onClose }: Props) {
  const { t } = useTranslation();
  const name = useShortName(conversation);
  const listId = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { fitting, values, isLoaded } = useRepliesOf({ conversation, account }, true);
  const use = useAction({ act: countReplyUse.act });
  const query = text.trim().replace(/^\//, '').toLocaleLowerCase();
  const found = isLoaded
    ? matches(
        fitting.filter(({ template }) => template !== null),
        query,
      )
    : [];
  const current = Math.min(at, found.length - 1);

  function choose({ id, template, body }: SavedReply): void {
    if (!template) return;
    use.mutate(id);
    onOffer({ template, body, values });
  }

  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const reply = found[current]?.reply;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'ArrowDown') setAt((current + 1) % Math.max(1, found.length));
    else if (event.key === 'ArrowUp') setAt((current - 1 + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') reply && choose(reply);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      <div className="border-b border-border p-1.5">
        <Input
          autoFocus
          role="combobox"
          aria-expanded={found.length > 0}
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${current}` : undefined}
          aria-label={t('composer.reply.find')}
          placeholder={t('composer.reply.find')}
          autoComplete="off"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setAt(0);
          }}
          onKeyDown={press}
          className="h-control-s! text-13"
        />
      </div>
      {found.length > 0 && (
        <RepliesPanel
          replies={{ found, current, values, listId, choose, point: setAt, nothing: undefined }}
          name={name}
          closedAccount={account}
          isInside
        />
      )}
      {isLoaded && found.length === 0 && (
        <p role="status" className="px-4 py-5 text-13 text-muted">
          {t('composer.reply.noneWithTemplate')}
        </p>
      )}
    </>
  );
}
