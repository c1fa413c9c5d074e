// The parts of a type of content. Each file beside this one describes a type, or a few that belong together.
import { z } from 'zod';

/** A type of content. */
export interface ContentType {
  /** The content in answers: the fields of the request for outbound, the fields of the channel for inbound. */
  shown: z.ZodType;
  /** itself: the content is a file; inside: a part of it may be one. */
  file: 'itself' | 'inside' | null;
  /** The paths of the words that say most about it, the best first: the one line that lists show. */
  gist: readonly string[];
  /** Whether somebody has to read an inbound one. */
  canBeUnread: boolean;
}

/** A type of content that can be sent. */
export interface SentContentType extends ContentType {
  /** The content in requests. */
  schema: z.ZodType;
  /** Whether it may quote another message. */
  quotes: boolean;
}

/** An object with the fields of the channel. */
export const asTheChannelSays = z.record(z.string(), z.unknown());

/** A text that an answer may have. */
export const shownText = (description: string) => z.string().optional().meta({ description });
