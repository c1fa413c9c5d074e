// The content of a message on the phone: text, file, place or shared contacts.
import type { PhoneMessage } from '@recado/client';
import { FileText, MapPin, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { fileUrl, type PhonePlace } from '../../../data/phones.ts';
import { useBytes } from '../../../kit/bytes.ts';
import { Text } from '../thread/content/text.tsx';

export function PhoneContent({ message, place }: { message: PhoneMessage; place: PhonePlace }) {
  const { t } = useTranslation();
  const { header, text, footer, location, people, deleted, edited } = message;
  if (deleted) return <i className="text-muted">{t('phone.deleted')}</i>;
  return (
    <>
      {message.file && <File message={message} place={place} />}
      {header !== null && (
        <b className="block font-medium" dir="auto">
          {header}
        </b>
      )}
      {location && (
        <span className="flex items-start gap-2">
          <MapPin size={16} aria-hidden="true" className="mt-0.5 flex-none text-muted" />
          <span className="min-w-0">
            <bdi className="block">{location.name ?? t('phone.location')}</bdi>
            <span className="block text-12 text-muted">
              {location.address !== null ? (
                <bdi>{location.address}</bdi>
              ) : (
                <bdi dir="ltr">{`${location.latitude}, ${location.longitude}`}</bdi>
              )}
            </span>
          </span>
        </span>
      )}
      {people.map(({ name, phone }) => (
        <span key={`${name} ${phone}`} className="flex items-start gap-2">
          <UserRound size={16} aria-hidden="true" className="mt-0.5 flex-none text-muted" />
          <span className="min-w-0">
            <bdi className="block">{name}</bdi>
            {phone !== null && <bdi className="block text-12 text-muted">{phone}</bdi>}
          </span>
        </span>
      ))}
      {text !== null && <Text isWhole={message.type === 'text'} text={text} />}
      {footer !== null && (
        <span className="block text-12 text-muted" dir="auto">
          {footer}
        </span>
      )}
      {edited && <span className="ms-1.5 text-12 text-muted">{t('phone.edited')}</span>}
    </>
  );
}

function File({ message, place }: { message: PhoneMessage; place: PhonePlace }) {
  const { t } = useTranslation();
  const bytes = useBytes();
  const { file } = message;
  if (!file) return null;
  const url = fileUrl(place, message.id);
  const kind = file.mime_type.split('/')[0];
  if (kind === 'image' && message.type !== 'document')
    return (
      <img
        src={url}
        alt={message.text ?? t('phone.picture')}
        className="mb-1 block h-36 w-52 max-w-full rounded-badge bg-active object-cover"
      />
    );
  if (kind === 'audio')
    return (
      // biome-ignore lint/a11y/useMediaCaption: what people send has no captions
      <audio src={url} controls preload="none" aria-label={t('phone.audio')} className="mb-1 h-9 w-52 max-w-full" />
    );
  if (kind === 'video')
    return (
      // biome-ignore lint/a11y/useMediaCaption: what people send has no captions
      <video
        src={url}
        controls
        preload="metadata"
        aria-label={t('phone.video')}
        className="mb-1 h-36 w-52 rounded-badge"
      />
    );
  return (
    <a
      href={url}
      download={file.filename ?? true}
      className="mb-1 flex items-center gap-2 rounded-badge bg-active px-2 py-1.5"
    >
      <FileText size={18} aria-hidden="true" className="flex-none text-muted" />
      <span className="min-w-0">
        <bdi className="cut block font-medium">{file.filename ?? t('phone.document')}</bdi>
        <span className="block text-12 text-muted">{bytes(file.size)}</span>
      </span>
    </a>
  );
}
