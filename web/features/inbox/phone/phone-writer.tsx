// The line below the chat: the person writes, perhaps in answer to a message.

import type { PhoneMessage } from '@recado/client';
import { ArrowUp, X } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { Input } from '../../../components/field.tsx';
import { type PhonePlace, writeOnPhone } from '../../../data/phones.ts';
import { useAction } from '../../../kit/use-action.ts';

interface Props {
  place: PhonePlace;
  name: string;
  replyTo: PhoneMessage | undefined;
  onReplyEnd: () => void;
}

export function PhoneWriter({ place, name, replyTo, onReplyEnd }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const { mutate: send, isPending } = useAction({
    ...writeOnPhone,
    onDone: () => {
      setText('');
      onReplyEnd();
    },
  });
  useEffect(() => {
    if (replyTo) field.current?.focus();
  }, [replyTo]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = text.trim();
    if (body === '' || isPending) return;
    send({ place, body: { type: 'text', text: { body }, ...(replyTo && { reply_to: replyTo.id }) } });
  };
  const label = t('phone.writeAs', { name });
  return (
    <form onSubmit={submit} className="border-t border-border bg-surface px-2.5 pt-2 pb-3.5">
      {replyTo && (
        <div className="mb-1.5 flex items-center gap-1 rounded-badge border-s-3 border-accent-line bg-accent-soft ps-2 text-12">
          <bdi className="cut flex-1">{replyTo.preview}</bdi>
          <IconButton icon={X} size="small" label={t('phone.noReply')} onClick={onReplyEnd} />
        </div>
      )}
      <div className="flex items-center gap-1.5">
        <Input
          ref={field}
          value={text}
          onChange={event => setText(event.target.value)}
          maxLength={4096}
          dir="auto"
          placeholder={label}
          aria-label={label}
          className="rounded-[16px]!"
        />
        <button
          type="submit"
          aria-label={t('phone.sendAs', { name })}
          aria-busy={isPending || undefined}
          className="grid size-8 flex-none place-items-center rounded-full bg-accent text-on-solid hover:bg-accent-hover"
        >
          <ArrowUp size={16} aria-hidden="true" />
        </button>
      </div>
    </form>
  );
}
