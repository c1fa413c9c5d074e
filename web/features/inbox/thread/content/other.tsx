// Templates, orders, polls, and what WhatsApp could not forward.
import type { Message } from '@recado/client';
import { ClipboardList, LayoutTemplate, ShoppingBag } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { asNumber, asRecord, asRecords, asText } from '../../../../kit/loose.ts';
import { Text } from './text.tsx';

export function Template({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { name, text } = message.template ?? {};
  return (
    <>
      {text ? <Text text={text} /> : <bdi className="font-mono text-14">{name}</bdi>}
      <span className="mt-1 flex items-center gap-1.5 text-12 text-(--meta)">
        <LayoutTemplate size={14} strokeWidth={1.75} aria-hidden="true" />
        {t('contentType.inbox.template')} <bdi className="cut font-mono">{name}</bdi>
      </span>
    </>
  );
}

export function Order({ message }: { message: Message }) {
  const { t, i18n } = useTranslation();
  const order = asRecord(message.order);
  const items = asRecords(order.product_items);
  const note = asText(order.text);
  const priceOf = (item: Record<string, unknown>) => {
    const price = asNumber(item.item_price);
    const currency = asText(item.currency);
    if (price === undefined || currency === undefined || !/^[A-Z]{3}$/.test(currency)) return '';
    return new Intl.NumberFormat(i18n.language, { style: 'currency', currency }).format(price);
  };
  return (
    <span className="mb-0.5 flex w-70 max-w-full gap-3">
      <ShoppingBag size={20} strokeWidth={1.6} aria-hidden="true" className="mt-0.5 text-(--meta)" />
      <span className="min-w-0 flex-1">
        <b className="block text-14 font-medium">{t('inbox.content.order', { count: items.length })}</b>
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of an order is its place
          <span key={index} className="num flex justify-between gap-3 text-13 text-(--meta)">
            <bdi>
              {asNumber(item.quantity) ?? 1} × {asText(item.product_retailer_id)}
            </bdi>
            {priceOf(item)}
          </span>
        ))}
        {note && <Text text={note} />}
      </span>
    </span>
  );
}

/** A poll, which WhatsApp forwards as far as it wants to. */
function Poll({ poll }: { poll: Record<string, unknown> }) {
  const { t } = useTranslation();
  const options = Array.isArray(poll.options) ? poll.options : [];
  return (
    <span className="mb-0.5 flex w-70 max-w-full gap-3">
      <ClipboardList size={20} strokeWidth={1.6} aria-hidden="true" className="mt-0.5 text-(--meta)" />
      <span className="min-w-0 flex-1">
        <bdi className="block text-14 font-medium">{asText(poll.name) ?? t('inbox.content.poll')}</bdi>
        {options.map((option, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an option is its place
          <bdi key={index} className="block text-13 text-(--meta)">
            {asText(option) ?? asText(asRecord(option).name)}
          </bdi>
        ))}
      </span>
    </span>
  );
}

/** What WhatsApp could not forward, and why as far as it says. */
export function Unsupported({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { poll, type } = asRecord(message.unsupported);
  if (poll !== undefined) return <Poll poll={asRecord(poll)} />;
  const kind = asText(type);
  return (
    <span className="tomb">
      {t('inbox.content.unsupported')}
      {kind && kind !== 'unknown' && ` (${kind})`}
      {message.error && ` ${message.error.title} (${message.error.code}).`}
    </span>
  );
}
