// The texts that each language must have: a word for every member of an enum of the contract.
import type { AnyMessageType } from '@recado/contract';

type OfContentTypes = Record<AnyMessageType, string>;

export interface Words {
  contentType: { inbox: OfContentTypes; composer: OfContentTypes; queue: OfContentTypes };
}
