// The name of a contact, which is changed in place.
import { Pencil } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { updateContact } from '../../../data/contacts.ts';
import { useMay } from '../../../data/me.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';

interface Props {
  contactId: string;
  /** The name of the contact, or its number. */
  shown: string;
  /** Null for a contact without a name. */
  name: string | null;
}

export function ContactName({ contactId, shown, name }: Props) {
  const { t } = useTranslation();
  const mayManage = useMay('contacts.manage');
  const [isEditing, setEditing] = useState(false);
  const again = useRef<HTMLSpanElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    // The focus stays where it was when the field closes.
    if (wasEditing.current && !isEditing) again.current?.querySelector('button')?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  if (isEditing) return <NameForm contactId={contactId} name={name} onClose={() => setEditing(false)} />;
  return (
    <span ref={again} className="mt-2 flex max-w-full items-center gap-1">
      <b className="min-w-0 text-16 wrap-anywhere">
        <bdi>{shown}</bdi>
      </b>
      {mayManage && (
        <IconButton
          icon={Pencil}
          size="small"
          label={t(name === null ? 'inbox.name.give' : 'inbox.name.change')}
          onClick={() => setEditing(true)}
        />
      )}
    </span>
  );
}

function NameForm({ contactId, name, onClose }: Omit<Props, 'shown'> & { onClose: () => void }) {
  const { t } = useTranslation();
  const update = useChange(updateContact);
  const { form, input, errors, busy } = useForm({
    start: { name: name ?? '' },
    async send(given) {
      await update({ id: contactId, name: given.name.trim() || null });
      onClose();
    },
  });
  return (
    <form
      {...form}
      className="mt-2 grid w-full gap-2 text-start"
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <Field label={t('form.name')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
      <span className="flex justify-end gap-2">
        <Button kind="line" size="small" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button kind="primary" size="small" type="submit" busy={busy}>
          {t('action.save')}
        </Button>
      </span>
    </form>
  );
}
