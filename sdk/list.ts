// A list of the API: iterate over all its items, or read it page by page.

/** A page of a list. */
export interface Page<Item> {
  /** The items of this page. */
  data: Item[];
  page: {
    /** The `cursor` of the next page. Null on the last page. */
    next_cursor: string | null;
    /** True if there is a next page. */
    has_more: boolean;
    /** Number of items in the whole list. Null above 10,000. */
    total: number | null;
  };
}

/**
 * All items of a list. It requests nothing until you iterate or call a method.
 * @example for await (const message of recado.messages.list({ status: ['failed'] })) console.log(message.id);
 */
export class List<Item> implements AsyncIterable<Item> {
  readonly #read: (cursor: string | undefined) => Promise<Page<Item>>;

  constructor(read: (cursor: string | undefined) => Promise<Page<Item>>) {
    this.#read = read;
  }

  /** The first page, with the cursor of the next one. */
  page(): Promise<Page<Item>> {
    return this.#read(undefined);
  }

  /** All pages, one after the other. */
  async *pages(): AsyncGenerator<Page<Item>, void, undefined> {
    let page = await this.#read(undefined);
    yield page;
    while (page.page.next_cursor !== null) {
      page = await this.#read(page.page.next_cursor);
      yield page;
    }
  }

  /** All items in an array; with `limit`, at most that many. */
  async toArray(limit = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const items: Item[] = [];
    if (limit <= 0) return items;
    for await (const item of this) {
      items.push(item);
      if (items.length >= limit) break;
    }
    return items;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const { data } of this.pages()) yield* data;
  }
}
