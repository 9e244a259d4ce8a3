/**
 * The form of <tr-dataset-check>: target, model, and files that are chosen, dropped, pasted or a sample.
 */

/** @import { Depth, Target, TargetModel } from "./protocol.js" */
/** @import { Texts } from "./texts.js" */
/** @typedef {Blob & { name: string }} NamedBlob */
/** @typedef {{ targets: Target[], texts: Texts, signal: AbortSignal, busy: () => boolean, onFile: () => void, onRun: (file: NamedBlob, validation: NamedBlob | null) => void, onChoice: () => void, onMissingSample: (error: unknown, retry: () => void) => void }} Options */

/** What other pages say who lead to a target: `check/#target=openai/sft`. */
const WANTED = /^#target=(.+)$/;
const RECOGNISE = "auto";
const SAMPLES = new URL("../samples/", import.meta.url);

export class DatasetForm {
  /**
   * @param {HTMLElement} root
   * @param {Options} options
   */
  constructor(root, options) {
    this.root = root;
    this.options = options;
    this.#on("form", "submit", (event) => {
      event.preventDefault();
      if (!options.busy()) this.#runChosen();
    });
    this.#on('[name="target"]', "change", () => this.#onTarget());
    this.#on('[name="model"]', "change", () => this.#onModel());
    this.#on('[name="format-only"]', "change", () => options.onChoice());
    this.#on('[name="file"]', "change", () => this.#onFile());
    this.#on('[name="validation"]', "change", () => this.#onFile());
    this.#on("[data-check-lines]", "click", () => this.#runLines());
    for (const button of root.querySelectorAll("[data-sample]")) {
      const { sample = "", format = "" } = /** @type {HTMLElement} */ (button).dataset;
      const run = () => void this.#runSample(sample, format);
      button.addEventListener("click", run, { signal: options.signal });
    }
    for (const type of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
      const listener = (/** @type {DragEvent} */ event) => this.#onDrag(event);
      document.addEventListener(type, listener, { signal: options.signal });
    }
    this.#onTarget();
    const wanted = WANTED.exec(location.hash)?.[1];
    if (wanted) this.choose(wanted, null);
    this.#onFile(); // the browser may have kept the choice over a reload
  }

  get target() {
    return this.#select("target").value;
  }

  /** The chosen model's name; null while it is not decided. */
  get model() {
    return this.#select("model").value || null;
  }

  /** @returns {Depth} */
  get depth() {
    return this.#formatOnly.checked ? "format" : "full";
  }

  /** @param {Depth} depth */
  set depth(depth) {
    this.#formatOnly.checked = depth === "format";
  }

  /** What a check would be about, with names of files; a usual one while none is chosen. */
  get chosen() {
    const file = this.#input.files?.[0]?.name ?? "train.jsonl";
    const validation = this.#validation?.name ?? null;
    return { file, validation, target: this.target, model: this.model, depth: this.depth };
  }

  /**
   * @param {string} target
   * @param {string | null} model
   */
  choose(target, model) {
    if (target !== RECOGNISE && !this.#known(target)) return;
    this.#select("target").value = target;
    this.#onTarget();
    this.#select("model").value = model ?? "";
    this.#onModel();
  }

  #onTarget() {
    const models = this.#select("model");
    const undecided = /** @type {Node} */ (models.options[0]);
    const options = (this.#known(this.target)?.models ?? []).map(({ name }) => new Option(name));
    models.replaceChildren(undecided, ...options);
    models.selectedIndex = 0;
    models.disabled = options.length === 0;
    this.#onModel();
  }

  #onModel() {
    const target = this.#known(this.target);
    const model = target?.models.find(({ name }) => name === this.model);
    const recognise = target ? null : this.options.texts.say("about_auto");
    const about = [recognise, target?.status.text, model?.note];
    this.#part("[data-about]").textContent = about.filter(Boolean).join(" ");
    this.options.onChoice();
  }

  #onFile() {
    const [file, other] = this.#input.files ?? [];
    if (!file) return;
    const { texts } = this.options;
    const said = { file: file.name, size: texts.size(file.size) };
    const chosen = this.#validation
      ? texts.say("chosen_both", { ...said, validation: this.#validation.name })
      : texts.say("chosen", said);
    this.notice(other ? texts.say("one_file", { file: file.name }) : chosen);
    this.options.onChoice();
    this.options.onFile();
  }

  /** @param {DragEvent} event */
  #onDrag(event) {
    const transfer = event.dataTransfer;
    if (!transfer?.types.includes("Files")) return;
    // Anywhere on the page: a file that misses the zone must not replace the page.
    event.preventDefault();
    const zone = this.#part("[data-drop]");
    const inside = event.target instanceof Node && zone.contains(event.target);
    zone.toggleAttribute("data-over", inside && event.type === "dragover");
    if (event.type === "dragover") transfer.dropEffect = inside ? "copy" : "none";
    if (event.type !== "drop" || !inside) return;
    if (transfer.items[0]?.webkitGetAsEntry()?.isDirectory) {
      this.notice(this.options.texts.say("folder"));
    } else {
      this.#input.files = transfer.files;
      this.#onFile();
    }
  }

  #runChosen() {
    const { texts } = this.options;
    const file = this.#input.files?.[0];
    if (!file) this.notice(texts.say("no_file"));
    else if (isSame(file, this.#validation)) this.notice(texts.say("same_file"));
    else this.#run(file, this.#validation);
  }

  #runLines() {
    const { texts } = this.options;
    const lines = /** @type {HTMLTextAreaElement} */ (this.#part('[name="lines"]'));
    if (lines.value.trim()) {
      this.#run(new File([lines.value], texts.say("pasted")));
    } else {
      this.notice(texts.say("no_lines"));
      lines.focus();
    }
  }

  /**
   * @param {string} name
   * @param {string} format of its examples; a target of another format would only say so
   */
  async #runSample(name, format) {
    const { signal, onMissingSample } = this.options;
    const chosen = this.#known(this.target);
    if (chosen && chosen.format !== format) {
      this.choose(RECOGNISE, null);
    }
    try {
      const response = await fetch(new URL(name, SAMPLES), { signal });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      this.#run(new File([await response.blob()], name));
    } catch (error) {
      if (!signal.aborted) onMissingSample(error, () => void this.#runSample(name, format));
    }
  }

  /**
   * @param {NamedBlob} file
   * @param {NamedBlob | null} [validation]
   */
  #run(file, validation = null) {
    this.notice("");
    this.options.onRun(file, validation);
  }

  /** @param {string} text */
  notice(text) {
    this.#part("[data-notice]").textContent = text;
    this.#part("[data-status]").textContent = text;
  }

  get #input() {
    return /** @type {HTMLInputElement} */ (this.#part('[name="file"]'));
  }

  get #formatOnly() {
    return /** @type {HTMLInputElement} */ (this.#part('[name="format-only"]'));
  }

  get #validation() {
    const input = /** @type {HTMLInputElement} */ (this.#part('[name="validation"]'));
    return input.files?.[0] ?? null;
  }

  /** @param {string} name */
  #select(name) {
    return /** @type {HTMLSelectElement} */ (this.#part(`select[name="${name}"]`));
  }

  /** @param {string} name */
  #known(name) {
    return this.options.targets.find((target) => target.name === name);
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.root.querySelector(selector));
  }

  /**
   * @param {string} selector
   * @param {string} type
   * @param {(event: Event) => void} listener
   */
  #on(selector, type, listener) {
    this.#part(selector).addEventListener(type, listener, { signal: this.options.signal });
  }
}

/**
 * @param {File} file
 * @param {File | null} other
 */
function isSame(file, other) {
  return (
    other !== null &&
    file.name === other.name &&
    file.size === other.size &&
    file.lastModified === other.lastModified
  );
}
