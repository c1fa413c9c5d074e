// The file that a message carries: whether it may be sent so, and how it is shown and handed to a channel.
import { contentTypeNamed, type FileHolderType, type MessageContent } from '@recado/contract';
import { toId, toUuid } from '../../kit/ids.ts';
import type { MediaKind, MediaLimits } from '../../ports/channel.ts';
import { type FileRow, type Format, presentFile } from '../media/index.ts';

const carries = (type: string): type is MediaKind => contentTypeNamed(type)?.file === 'itself';
const mayHold = (type: string): type is FileHolderType => contentTypeNamed(type)?.file === 'inside';

/** The fields of a content; none where it is a list. */
const fieldsOf = (content: MessageContent): Record<string, unknown> =>
  Array.isArray(content) ? {} : (content as Record<string, unknown>);

/** A file of ours in an outbound content: in itself, in a header, or in the values of a template. */
export interface AttachedFile {
  kind: MediaKind;
  /** The path of its fields, like `interactive.header.image`. */
  path: string;
  /** Its UUID. */
  id: string;
  fields: Record<string, unknown>;
}

/** The files of ours that an outbound message carries; links are none of them. */
export function attachedFiles(type: string, content: MessageContent): AttachedFile[] {
  return mayHold(type) ? filesInside[type](fieldsOf(content)) : fileAt(type, content, type);
}

function fileAt(kind: string, holder: unknown, path: string): AttachedFile[] {
  if (!carries(kind)) return [];
  const fields = fieldsOf((holder ?? {}) as MessageContent);
  return typeof fields.id === 'string' ? [{ kind, path, id: toUuid(fields.id), fields }] : [];
}

/** A header or a value names its kind in `type`, and has the file under that name. */
function namedFile(part: unknown, path: string): AttachedFile[] {
  const fields = fieldsOf((part ?? {}) as MessageContent);
  const name = String(fields.type);
  return fileAt(name === 'gif' ? 'video' : name, fields[name], `${path}.${name}`);
}

const filesOfComponents = (components: unknown, path: string): AttachedFile[] =>
  listOf(components).flatMap((component, n) => [
    ...listOf(component.parameters).flatMap((value, m) => namedFile(value, `${path}[${n}].parameters[${m}]`)),
    ...listOf(component.cards).flatMap((card, m) =>
      filesOfComponents(card.components, `${path}[${n}].cards[${m}].components`),
    ),
  ]);

/** The places of files in each type that may have some inside. */
const filesInside: Record<FileHolderType, (content: Record<string, unknown>) => AttachedFile[]> = {
  interactive({ header, action }) {
    const cards = listOf(fieldsOf((action ?? {}) as MessageContent).cards);
    return [
      ...namedFile(header, 'interactive.header'),
      ...cards.flatMap((card, n) => namedFile(card.header, `interactive.action.cards[${n}].header`)),
    ];
  },
  template: ({ components }) => filesOfComponents(components, 'template.components'),
};

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);

/** The UUID of the first file of ours that an outbound message carries. */
export const attachedMedia = (type: string, content: MessageContent): string | undefined =>
  attachedFiles(type, content)[0]?.id;

const asItIs = () => undefined;
const formats: Record<MediaKind, (content: Record<string, unknown>) => Format | undefined> = {
  image: asItIs,
  video: asItIs,
  audio: ({ voice }) => (voice === true ? 'voice' : undefined),
  document: asItIs,
  sticker: () => 'sticker',
};

/** As what the file of a message has to fit; undefined where it goes as it is. */
export const formatOf = (type: string, content: MessageContent): Format | undefined =>
  carries(type) ? formats[type](fieldsOf(content)) : undefined;

/** Why a file that is not made to fit cannot be sent as this type of message, as a sentence; undefined where it can. */
export function unsupported(
  type: string,
  file: { status: string; mime_type: string | null; size: number | null },
  limits: Readonly<Record<MediaKind, MediaLimits>>,
): string | undefined {
  if (!carries(type)) return `A message of type ${type} has no file.`;
  if (file.status !== 'stored') return `The file is ${file.status}. Only a stored file can be sent.`;
  const { mimeTypes, maxBytes, maxAnimatedBytes } = limits[type];
  if (file.mime_type === null || !mimeTypes.includes(file.mime_type))
    return `The file is ${file.mime_type ?? 'of no known type'}; type ${type} accepts ${mimeTypes.join(', ')}.`;
  const most = maxAnimatedBytes ?? maxBytes;
  return (file.size ?? 0) > most ? `The file has ${file.size} bytes; type ${type} accepts at most ${most}.` : undefined;
}

/** The content as the channel gets it: each file with the channel's id, by its UUID. */
export function forChannel<Content extends MessageContent>(
  type: string,
  content: Content,
  files: ReadonlyMap<string, { channelMediaId: string; fileName: string | undefined }>,
): Content {
  const copy = structuredClone(content);
  for (const { kind, id, fields } of attachedFiles(type, copy)) {
    const file = files.get(id);
    if (!file) continue;
    fields.id = file.channelMediaId;
    if (kind === 'document' && fields.filename === undefined && file.fileName !== undefined)
      fields.filename = file.fileName;
  }
  return copy;
}

/** The content of a message as answers show it, the same for both directions: an inbound file has Recado's fields. */
export function shownContent(
  type: string,
  content: MessageContent,
  file: FileRow | null,
  direction: 'outbound' | 'inbound',
): MessageContent {
  if (!carries(type)) return content;
  const { id, link, mime_type: _type, sha256: _hash, url: _url, ...rest } = fieldsOf(content);
  const outbound = direction === 'outbound';
  return {
    id: (outbound ? id : file && toId('media', file.id)) ?? null,
    link: (outbound ? link : null) ?? null,
    media: file && presentFile(file),
    ...rest,
  };
}
