// What the texts of each language must have: the words of every member of an enum of the contract.
import type { AnyMessageType } from '@recado/contract';

interface OfContentTypes {
  type: Record<AnyMessageType, string>;
}

export interface Words {
  inbox: OfContentTypes;
  composer: OfContentTypes;
  queue: OfContentTypes;
}
