// Which variables of a text nothing stands for, below it; the word leads to its place.
import { TriangleAlert } from 'lucide-react';
import { type RefObject, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../../components/button.tsx';
import type { Blank } from './blanks.ts';
import { useVariableName } from './words.ts';

interface Props {
  blanks: readonly Blank[];
  area: RefObject<HTMLTextAreaElement | null>;
}

export const BlankLine = (props: Props) =>
  props.blanks.length > 0 && (
    <Suspense fallback={null}>
      <Line {...props} />
    </Suspense>
  );

function Line({ blanks: [first, ...others], area }: Props) {
  const { t } = useTranslation();
  const name = useVariableName();
  if (!first) return null;
  const go = () => {
    area.current?.focus();
    area.current?.setSelectionRange(first.start, first.start + first.text.length);
  };
  return (
    <p role="status" className="flex items-start gap-1.5 px-3.5 pb-1 text-13 text-warning">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 flex-none" />
      <span>
        {t(others.length > 0 ? 'composer.reply.blanks' : 'composer.reply.blank', { name: name(first.variable) })}{' '}
        <LinkButton onClick={go}>{t('composer.reply.goToBlank')}</LinkButton>
      </span>
    </p>
  );
}
