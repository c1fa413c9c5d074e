// What a person does on a simulated phone, in the simulator's format.
import type { WriteOnPhone } from '@recado/contract';
import { type Caller, invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { MediaUpload } from '../../ports/channel.ts';
import { problem } from './errors.ts';
import { presentScreen } from './screen.ts';
import type { ChatPlace, FileOptions, Simulator } from './simulator.ts';

export interface WriteNeeds {
  simulator: Simulator;
  /** Opens a stored file that the caller may use; a sentence says why it cannot. */
  openFile: (caller: Caller, id: string) => Promise<MediaUpload | string>;
}

/** Does it, and returns the id of the message. @throws AppError */
export async function writeOnPhone(
  { simulator, openFile }: WriteNeeds,
  caller: Caller,
  place: ChatPlace,
  body: WriteOnPhone,
): Promise<string> {
  switch (body.type) {
    case 'text': {
      const context =
        body.reply_to === undefined ? {} : { context: { id: await onPhone(simulator, place, body.reply_to) } };
      return simulator.write(place, { type: 'text', text: { body: body.text.body }, ...context });
    }
    case 'reaction': {
      const { message_id, emoji } = body.reaction;
      await onPhone(simulator, place, message_id);
      return simulator.write(place, { type: 'reaction', reaction: { message_id, emoji } });
    }
    case 'choice':
      return choose(simulator, place, body.choice);
    case 'file': {
      const file = await openFile(caller, toUuid(body.file.media_id));
      if (typeof file === 'string') throw invalid('file.media_id', file);
      return simulator.sendFile(place, file, optionsOf(file.mimeType, body.file));
    }
  }
}

/** The id of a message that is in this chat, so that nothing points into another one. @throws AppError */
async function onPhone(simulator: Simulator, place: ChatPlace, id: string): Promise<string> {
  const { messages } = await simulator.chat(place);
  if (!messages.some(message => message.id === id)) throw problem('phone_message_not_found');
  return id;
}

async function choose(
  simulator: Simulator,
  place: ChatPlace,
  { message_id, id }: { message_id: string; id: string },
): Promise<string> {
  const screen = presentScreen(await simulator.chat(place));
  const message = screen.messages.find(each => each.id === message_id);
  if (!message) throw problem('phone_message_not_found');
  const option = message.choices?.options.find(each => each.id === id);
  if (!option || message.choices?.chosen !== null) throw problem('phone_choice_not_found');
  if (message.type === 'template')
    return simulator.write(place, {
      type: 'button',
      button: { text: option.title, payload: option.id },
      context: { id: message_id },
    });
  const type = message.choices.kind === 'list' ? 'list_reply' : 'button_reply';
  return simulator.write(place, { type, [type]: { message_id, id } });
}

/** How a phone sends a file of this type. WhatsApp has no captions for audio and stickers. */
function optionsOf(
  mimeType: string,
  { caption, voice }: { caption?: string | undefined; voice?: boolean | undefined },
): FileOptions {
  if (mimeType === 'image/webp') return { type: 'sticker' };
  if (mimeType.startsWith('audio/')) return { type: 'audio', voice: voice ?? false };
  if (mimeType === 'image/jpeg' || mimeType === 'image/png') return { type: 'image', caption };
  if (mimeType === 'video/mp4' || mimeType === 'video/3gpp') return { type: 'video', caption };
  return { type: 'document', caption };
}
