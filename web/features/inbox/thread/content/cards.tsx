// A place, and contact cards.
import type { Message } from '@recado/client';
import { MapPin, User } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { asRecord, asRecords, asText } from '../../../../kit/loose.ts';

export function Place({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { latitude, longitude, name, address } = message.location ?? {};
  const hasPoint = latitude !== undefined && longitude !== undefined;
  return (
    <span className="mb-0.5 flex w-70 max-w-full gap-3">
      <MapPin size={20} strokeWidth={1.6} aria-hidden="true" className="mt-0.5 text-(--meta)" />
      <span className="min-w-0 flex-1">
        <bdi className="block text-14 font-medium">{name || t('contentType.inbox.location')}</bdi>
        {address && <bdi className="block text-13 text-(--meta)">{address}</bdi>}
        {hasPoint && (
          <a
            href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
            target="_blank"
            rel="noreferrer noopener"
            className="link num text-13 underline underline-offset-3"
          >
            <bdi dir="ltr">
              {latitude.toFixed(5)}, {longitude.toFixed(5)}
            </bdi>
          </a>
        )}
      </span>
    </span>
  );
}

/** The fields of a card are as the channel sends them. */
export function ContactCards({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <span className="mb-0.5 grid w-70 max-w-full gap-3">
      {asRecords(message.contacts).map((card, index) => {
        const name = asText(asRecord(card.name).formatted_name) ?? t('inbox.nameless');
        const company = asText(asRecord(card.org).company);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a card has no id
          <span key={index} className="flex gap-3">
            <User size={20} strokeWidth={1.6} aria-hidden="true" className="mt-0.5 text-(--meta)" />
            <span className="min-w-0 flex-1">
              <bdi className="block text-14 font-medium">{name}</bdi>
              {company && <bdi className="block text-13 text-(--meta)">{company}</bdi>}
              {[...asRecords(card.phones), ...asRecords(card.emails)].map(({ phone, email }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a number has no id
                <bdi key={at} className="num block text-13 text-(--meta)">
                  {asText(phone) ?? asText(email)}
                </bdi>
              ))}
            </span>
          </span>
        );
      })}
    </span>
  );
}
