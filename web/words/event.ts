import type { Underscored } from '../locales/words.ts';

/** The name of the text of a type of events. */
export const underscored = <Type extends string>(type: Type): Underscored<Type> =>
  type.replace('.', '_') as Underscored<Type>;
