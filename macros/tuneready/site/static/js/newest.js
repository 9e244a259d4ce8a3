/**
 * The newest texts once more, in IndexedDB, which is on its way to disk at once.
 *
 * Storage itself is written to disk seconds after it took a text, and a browser that is killed
 * meanwhile comes back without it. What storage has surely written is forgotten here. Where there is
 * no IndexedDB, nothing is noted, and storage is all there is.
 */

/** @typedef {readonly [key: string, text: string | null]} Change null is a removal */

/** Chromium and Firefox write storage to disk within about five seconds. */
const WRITTEN_MS = 20_000;
const STORE = "texts";

export class Newest {
  #name;
  /** @type {Promise<IDBDatabase | null> | null} */
  #opened = null;
  /** @type {Set<string>} what this tab itself changed */
  #own = new Set();

  /** @param {string} name of the database */
  constructor(name) {
    this.#name = name;
  }

  /**
   * Note what storage has just taken.
   * @param {readonly Change[]} changes
   */
  note(changes) {
    for (const [key] of changes) this.#own.add(key);
    this.#use((store) => {
      for (const [key, text] of changes) store.put(text, key);
    });
    this.#forgetLater(changes);
  }

  /**
   * What was noted before this page was loaded, but for what this tab has changed since.
   * @returns {Promise<Change[]>}
   */
  async texts() {
    /** @type {Change[]} */
    const found = [];
    await this.#use((store) => {
      store.openCursor().onsuccess = ({ target }) => {
        const { result } = /** @type {IDBRequest<IDBCursorWithValue | null>} */ (target);
        if (result === null) return;
        found.push([String(result.key), result.value]);
        result.continue();
      };
    });
    this.#forgetLater(found);
    return found.filter(([key]) => !this.#own.has(key));
  }

  /** @param {readonly Change[]} changes */
  #forgetLater(changes) {
    if (changes.length === 0) return;
    setTimeout(() => {
      this.#use((store) => {
        for (const [key, text] of changes) {
          const found = store.get(key);
          found.onsuccess = () => {
            // Another change may have been noted meanwhile.
            if (found.result === text) store.delete(key);
          };
        }
      });
    }, WRITTEN_MS);
  }

  /**
   * @param {(store: IDBObjectStore) => void} work
   * @returns {Promise<void>} when it is done, or cannot be
   */
  async #use(work) {
    try {
      this.#opened ??= this.#open();
      const database = await this.#opened;
      if (database === null) return;
      const transaction = database.transaction(STORE, "readwrite");
      work(transaction.objectStore(STORE));
      await new Promise((done) => {
        transaction.oncomplete = transaction.onabort = done;
      });
    } catch {
      // Closed by the browser; the next use opens it again.
      this.#opened = null;
    }
  }

  /** @returns {Promise<IDBDatabase | null>} */
  #open() {
    return new Promise((opened) => {
      const opening = indexedDB.open(this.#name, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      opening.onerror = () => opened(null);
      opening.onsuccess = () => {
        const { result } = opening;
        // Who removes the site's data must not have to wait for this page.
        result.onversionchange = () => result.close();
        opened(result);
      };
    });
  }
}
