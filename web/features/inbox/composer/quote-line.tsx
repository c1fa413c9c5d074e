// The message that a reply quotes, above the text.
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { plainOf } from '../../../kit/formatting.ts';
import type { Quote } from './draft.ts';

export function QuoteLine({ quote, name, onRemove }: { quote: Quote; name: string; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="mx-2 mt-2 flex items-start gap-2 rounded-control border-s-3 border-accent-line bg-accent-soft py-1 ps-2.5 pe-1">
      <div className="min-w-0 flex-1 text-13">
        <b className="block font-medium text-accent-text">{quote.ours ? t('composer.quoteYou') : <bdi>{name}</bdi>}</b>
        <span className="cut block text-muted">
          {quote.text === '' ? t(`contentType.composer.${quote.type}`) : <bdi>{plainOf(quote.text)}</bdi>}
        </span>
      </div>
      <IconButton icon={X} size="small" label={t('composer.quoteRemove')} onClick={onRemove} />
    </div>
  );
}
