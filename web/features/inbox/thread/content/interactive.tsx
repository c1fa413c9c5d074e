// Messages with buttons, lists and links, and the answers to them.
import type { Message } from '@recado/client';
import {
  CornerDownRight,
  CreditCard,
  ExternalLink,
  House,
  List,
  MapPin,
  Phone,
  Reply,
  ShoppingBag,
  SquarePen,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answerOf } from '../../../../data/message-text.ts';
import { asRecord, asRecords, asText } from '../../../../kit/loose.ts';
import { Text } from './text.tsx';

const icon = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const;

export function Interactive({ message }: { message: Message }) {
  const { t } = useTranslation();
  const content = asRecord(message.interactive);
  const answer = answerOf(message);
  if (answer !== undefined) return <Answer>{answer || t('inbox.content.form')}</Answer>;
  const header = asRecord(content.header);
  const headerText = asText(header.text) ?? (asText(header.type) && t(`inbox.content.header`));
  const body = asText(asRecord(content.body).text);
  const footer = asText(asRecord(content.footer).text);
  return (
    <>
      {headerText && <bdi className="block font-medium">{headerText}</bdi>}
      {body ? <Text text={body} /> : t('inbox.content.interactive')}
      <Goods type={asText(content.type)} action={asRecord(content.action)} />
      {footer && <bdi className="block text-13 text-(--meta)">{footer}</bdi>}
    </>
  );
}

/** The products, or the order, that a message is about. */
function Goods({ type, action }: { type: string | undefined; action: Record<string, unknown> }) {
  const { t } = useTranslation();
  const line = (words: string | undefined, index: number) => (
    <bdi key={index} className="num block text-13 text-(--meta)">
      {words}
    </bdi>
  );
  if (type === 'product') return line(asText(action.product_retailer_id), 0);
  if (type === 'product_list')
    return asRecords(action.sections)
      .flatMap(({ product_items }) => asRecords(product_items))
      .map((item, index) => line(asText(item.product_retailer_id), index));
  const { reference_id, order, total_amount, currency } = asRecord(action.parameters);
  if (type === 'order_status')
    return line([asText(reference_id), asText(asRecord(order).status)].filter(Boolean).join(' · '), 0);
  if (type !== 'order_details') return null;
  const { value, offset } = asRecord(total_amount);
  const total = Number(value) / Number(offset);
  return (
    <>
      {asRecords(asRecord(order).items).map(({ name, quantity }, index) =>
        line(`${Number(quantity)} × ${asText(name) ?? ''}`, index),
      )}
      {Number.isFinite(total) && line(t('inbox.content.total', { sum: `${total.toFixed(2)} ${asText(currency)}` }), -1)}
    </>
  );
}

export const Answer = ({ children }: { children: ReactNode }) => (
  <span className="inline-flex items-start gap-1.5">
    <CornerDownRight size={16} strokeWidth={1.75} aria-hidden="true" className="flip mt-1 text-(--meta)" />
    <bdi>{children}</bdi>
  </span>
);

/** The buttons below the text. They belong to the person: here they only show. */
export function InteractiveButtons({ message }: { message: Message }) {
  const { t } = useTranslation();
  const content = asRecord(message.interactive);
  const action = asRecord(content.action);
  const parameters = asRecord(action.parameters);
  const one = (symbol: ReactNode, words: string | undefined) => (
    <span className="tpl-btns">
      <span>
        {symbol}
        <bdi>{words}</bdi>
      </span>
    </span>
  );
  if (content.type === 'button')
    return (
      <span className="tpl-btns">
        {asRecords(action.buttons).map(({ reply }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a button is its place
          <span key={index}>
            <Reply {...icon} className="flip" />
            <bdi>{asText(asRecord(reply).title)}</bdi>
          </span>
        ))}
      </span>
    );
  if (content.type === 'list') return <ListOptions action={action} />;
  if (content.type === 'cta_url') return one(<ExternalLink {...icon} />, asText(parameters.display_text));
  if (content.type === 'flow') return one(<SquarePen {...icon} />, asText(parameters.flow_cta));
  if (content.type === 'location_request_message') return one(<MapPin {...icon} />, t('inbox.content.askLocation'));
  if (content.type === 'voice_call')
    return one(<Phone {...icon} />, asText(parameters.display_text) ?? t('inbox.content.call'));
  if (content.type === 'call_permission_request') return one(<Phone {...icon} />, t('inbox.content.askCall'));
  if (content.type === 'address_message') return one(<House {...icon} />, t('inbox.content.askAddress'));
  if (content.type === 'order_details') return one(<CreditCard {...icon} />, t('inbox.content.pay'));
  if (content.type === 'catalog_message') return one(<ShoppingBag {...icon} />, t('inbox.content.catalog'));
  if (content.type === 'product' || content.type === 'product_list')
    return one(<ShoppingBag {...icon} />, t('inbox.content.products'));
  if (content.type === 'carousel') return <Cards cards={asRecords(action.cards)} />;
  if (content.type === 'request_contact_info') return one(<Phone {...icon} />, t('inbox.content.askNumber'));
  return null;
}

/** The cards to swipe through, one below the other. */
function Cards({ cards }: { cards: Record<string, unknown>[] }) {
  const { t } = useTranslation();
  return (
    <span className="tpl-btns">
      {cards.map((card, index) => {
        const action = asRecord(card.action);
        const buttons = asRecords(action.buttons).map(({ quick_reply }) => asText(asRecord(quick_reply).title));
        const labels = action.buttons ? buttons : [asText(asRecord(action.parameters).display_text)];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a card is its place
          <span key={index}>
            {action.buttons ? <Reply {...icon} className="flip" /> : <ExternalLink {...icon} />}
            <bdi>{asText(asRecord(card.body).text) ?? t('inbox.content.card', { number: index + 1 })}</bdi>
            <bdi className="font-regular text-(--meta)">{labels.join(' · ')}</bdi>
          </span>
        );
      })}
    </span>
  );
}

function ListOptions({ action }: { action: Record<string, unknown> }) {
  const rows = asRecords(action.sections).flatMap(section => asRecords(section.rows));
  return (
    <details className="tpl-btns">
      <summary className="list-none">
        <List {...icon} />
        <bdi>{asText(action.button)}</bdi>
      </summary>
      <ul className="block! py-1 text-start!">
        {rows.map(({ title, description }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          <li key={index} className="px-3 py-1.5">
            <bdi className="block">{asText(title)}</bdi>
            <bdi className="block text-13 font-regular text-(--meta)">{asText(description)}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}
