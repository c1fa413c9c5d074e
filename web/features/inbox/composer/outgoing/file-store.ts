// The files of messages that are not accepted yet, in IndexedDB: they survive a reload.

const storeName = 'files';
let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('recado.outgoing', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run<Result>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<Result>) {
  const database = await open();
  return new Promise<Result>((resolve, reject) => {
    const transaction = database.transaction(storeName, mode);
    const request = work(transaction.objectStore(storeName));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Keeps a file. @throws DOMException if the browser has no room */
export const putFile = (localId: string, file: Blob) => run('readwrite', store => store.put(file, localId));

/** The file; undefined if the browser has removed it. */
export const getFile = (localId: string) =>
  run('readonly', store => store.get(localId) as IDBRequest<Blob | undefined>);

export const deleteFile = (localId: string) => run('readwrite', store => store.delete(localId));

/** Deletes all files. */
export const clearFiles = () => run('readwrite', store => store.clear());
