// What the texts of each language must have: the words of every member of an enum of the contract.
import type { AnyMessageType } from '@recado/contract';

type OfContentTypes = Record<AnyMessageType, string>;

export interface Words {
  contentType: { inbox: OfContentTypes; composer: OfContentTypes; queue: OfContentTypes };
}
