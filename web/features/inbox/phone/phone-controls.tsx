// Below the phone: send a file as the person, read by hand, and whether the phone reads by itself.

import { useQuery } from '@tanstack/react-query';
import { CheckCheck, Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Switch } from '../../../components/field.tsx';
import { type PhonePlace, phoneQuery, readOnPhone, setAutoRead, writeFileOnPhone } from '../../../data/phones.ts';
import { useAction } from '../../../kit/use-action.ts';

export function PhoneControls({ place }: { place: PhonePlace }) {
  const { t } = useTranslation();
  const { data: screen } = useQuery(phoneQuery(place));
  const input = useRef<HTMLInputElement>(null);
  const file = useAction(writeFileOnPhone);
  const read = useAction(readOnPhone);
  const change = useAction(setAutoRead);
  return (
    <div className="grid justify-items-center gap-3">
      <div className="flex flex-wrap justify-center gap-2">
        <Button kind="line" size="small" icon={Paperclip} busy={file.isPending} onClick={() => input.current?.click()}>
          {t('phone.sendFile')}
        </Button>
        <Button
          kind="line"
          size="small"
          icon={CheckCheck}
          busy={read.isPending}
          impossible={screen?.unread_count === 0 ? t('phone.allRead') : undefined}
          onClick={() => read.mutate(place)}
        >
          {t('phone.read')}
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        onChange={event => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          if (chosen) file.mutate({ place, file: chosen });
        }}
      />
      <Switch
        label={t('phone.autoRead')}
        checked={screen?.auto_read ?? false}
        disabled={!screen || change.isPending}
        onChange={event => change.mutate({ place, isOn: event.target.checked })}
        className="text-13 text-muted"
      />
    </div>
  );
}
