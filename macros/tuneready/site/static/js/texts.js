/**
 * Sentences of a server-rendered element: filled with numbers and names, never written here.
 */

/** @typedef {string | { one: string, other: string }} Text */

/** Bytes per unit, largest first; named as Intl names them. */
const SIZES = /** @type {const} */ ([
  [1e9, "gigabyte"],
  [1e6, "megabyte"],
  [1e3, "kilobyte"],
]);

/** What hides or reorders the text around it; Python has escaped it in all that it wrote. */
const DISTURBING = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

export class Texts {
  // A browser takes long to make its first of these: not before there is something to count.
  /** @type {Intl.PluralRules | null} */
  #plural = null;
  /** @type {Intl.NumberFormat | null} */
  #numbers = null;

  /**
   * @param {Record<string, Text>} texts
   * @param {string} language
   */
  constructor(texts, language) {
    this.texts = new Map(Object.entries(texts));
    this.language = language;
  }

  /** @param {number} number */
  #isOne(number) {
    this.#plural ??= new Intl.PluralRules(this.language);
    return this.#plural.select(number) === "one";
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [fields] `n` chooses between singular and plural
   */
  say(key, fields = {}) {
    const text = this.texts.get(key) ?? "";
    const chosen =
      typeof text === "string" ? text : this.#isOne(Number(fields.n)) ? text.one : text.other;
    return chosen.replace(/\{(\w+)\}/g, (all, name) => {
      const value = fields[name];
      return value === undefined ? all : this.show(value);
    });
  }

  /**
   * A number in the reader's language; a text, such as a file's name, without what would disturb.
   *
   * @param {string | number} value
   */
  show(value) {
    if (typeof value === "number") {
      // Nothing to group, as in what the server wrote.
      if (Number.isInteger(value) && Math.abs(value) < 1000) return String(value);
      this.#numbers ??= new Intl.NumberFormat(this.language);
      return this.#numbers.format(value);
    }
    return value.replace(DISTURBING, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
  }

  /** @param {number} bytes */
  size(bytes) {
    const [unitBytes, unit] = SIZES.find(([least]) => bytes >= least) ?? [1, "byte"];
    const unitDisplay = unit === "byte" ? "long" : "short";
    const format = new Intl.NumberFormat(this.language, {
      style: "unit",
      unit,
      unitDisplay,
      maximumFractionDigits: 1,
    });
    return format.format(bytes / unitBytes);
  }
}
