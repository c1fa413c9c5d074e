// How a template arrives: a bubble with the values that are filled in.
import { ExternalLink, FileText, Image, Phone, Reply, Video } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../kit/class-names.ts';
import { placeholder, type TemplateShape, type Values } from './template-shape.ts';

interface Props {
  shape: TemplateShape;
  values: Values;
  /** The picture of the header, or the name of its file. */
  header: ReactNode;
  /** As the person sees it, instead of as we do. */
  theirs?: boolean;
}

export function TemplatePreview({ shape, values, header, theirs = false }: Props) {
  const { t } = useTranslation();
  const filled = (place: 'header' | 'body', text: string) => <Filled {...{ place, text, shape, values }} />;
  return (
    <figure
      aria-label={t('composer.template.preview')}
      className={cx('msg mt-0! max-w-full!', !theirs && 'ours justify-self-end')}
    >
      <div className="bubble grid max-w-100 gap-1 text-14!">
        {shape.header?.kind === 'text' && <b className="block">{filled('header', shape.header.text)}</b>}
        {shape.header && shape.header.kind !== 'text' && (header ?? <NoFile kind={shape.header.kind} />)}
        <span dir="auto" className="whitespace-pre-wrap">
          {filled('body', shape.body)}
        </span>
        {shape.footer !== undefined && (
          <span dir="auto" className="text-12 text-(--meta)">
            {shape.footer}
          </span>
        )}
        {shape.buttons.length > 0 && <Buttons buttons={shape.buttons} />}
      </div>
    </figure>
  );
}

/** A text with its values in bold; what is missing shows its example, or its name. */
function Filled({
  place,
  text,
  shape,
  values,
}: Pick<Props, 'shape' | 'values'> & { place: 'header' | 'body'; text: string }) {
  const pieces = text.split(placeholder);
  return pieces.map((piece, at) => {
    // Every second piece is a name.
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text keep their places
    if (at % 2 === 0) return <Fragment key={at}>{piece}</Fragment>;
    const id = `${place}.${piece}`;
    const value = values[id]?.trim();
    if (value)
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text keep their places
        <b key={at}>
          <bdi>{value}</bdi>
        </b>
      );
    const example = shape.variables.find(variable => variable.id === id)?.example;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text keep their places
      <bdi key={at} className="text-(--meta) underline decoration-dotted underline-offset-3">
        {example || `{{${piece}}}`}
      </bdi>
    );
  });
}

const kinds = { image: Image, video: Video, document: FileText };

function NoFile({ kind }: { kind: keyof typeof kinds }) {
  const Icon = kinds[kind];
  return (
    <span className="grid h-20 w-60 max-w-full place-items-center rounded-control border border-dashed border-line text-(--meta)">
      <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
    </span>
  );
}

const buttonIcons: Record<string, typeof Reply> = { URL: ExternalLink, PHONE_NUMBER: Phone, QUICK_REPLY: Reply };

const Buttons = ({ buttons }: Pick<TemplateShape, 'buttons'>) => (
  <ul className="-mx-3 mt-1 -mb-2 border-t border-(--line)/30">
    {buttons.map(({ type, text }) => {
      const Icon = buttonIcons[type];
      return (
        <li
          key={`${type} ${text}`}
          className="flex h-9 items-center justify-center gap-1.5 border-t border-(--line)/30 text-accent-text first:border-0"
        >
          {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" />}
          <bdi className="cut">{text || type}</bdi>
        </li>
      );
    })}
  </ul>
);
