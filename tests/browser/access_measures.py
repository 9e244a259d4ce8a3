"""What can be measured of a page's accessibility, beside what axe looks for.

Each function returns a line for each element that falls short, and nothing for a page in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# How a line names an element.
_NAME = """
  const name = element =>
    element.tagName.toLowerCase() + (element.id ? "#" + element.id : "") +
    (typeof element.className === "string" && element.className ? "." + element.className.trim().replace(/\\s+/g, ".") : "") +
    " “" + (element.getAttribute("aria-label") || element.textContent || element.value || "").trim().slice(0, 40) + "”";
"""
# What WCAG 1.4.12 has a reader set, who needs more space between what is written.
SPACING = """
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }
"""


def sideways(page: Page) -> list[str]:
    """Return what makes the page scroll sideways (WCAG 1.4.10)."""
    found: list[str] = page.evaluate(
        """() => {"""
        + _NAME
        + """
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const wide = [...document.querySelectorAll(".md-main *")].filter(
            element => element.getBoundingClientRect().right > width + 1);
          const widest = wide.filter(element => !wide.some(other => other !== element && element.contains(other)));
          return [`${document.documentElement.scrollWidth} px wide`, ...widest.map(name)];
        }"""
    )
    return found


def cut_off(page: Page) -> list[str]:
    """Return what has text that cannot be seen, because its box is too small (WCAG 1.4.4, 1.4.12)."""
    found: list[str] = page.evaluate(
        """() => {"""
        + _NAME
        + """
          const hides = value => value === "hidden" || value === "clip";
          return [...document.querySelectorAll(".md-content *")].filter(element => {
            if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true })) return false;
            if (!element.textContent.trim() || element.closest(".tr-hidden, svg, select, template")) return false;
            const style = getComputedStyle(element);
            // A long text in a field scrolls with its caret.
            if (element.matches("input, textarea")) return false;
            return (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
              (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
          }).map(name);
        }"""
    )
    return found


def overlapping(page: Page) -> list[str]:
    """Return pairs of texts that lie over each other."""
    found: list[str] = page.evaluate(
        """() => {"""
        + _NAME
        + """
          const walker = document.createTreeWalker(document.querySelector(".md-content"), NodeFilter.SHOW_TEXT);
          const texts = [];
          while (walker.nextNode()) {
            const node = walker.currentNode, parent = node.parentElement;
            if (!node.data.trim() || parent.closest(".tr-hidden, svg, select, .tr-checklist__bar, .headerlink")) continue;
            if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            for (const box of range.getClientRects()) {
              if (box.width > 1 && box.height > 1) texts.push({ node, parent, box });
            }
          }
          const pairs = [];
          for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
            const a = texts[i], b = texts[j];
            if (a.node === b.node) continue;
            const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            // Boxes of lines are a little higher than what is written in them.
            if (wide > 2 && high > 0.4 * Math.min(a.box.height, b.box.height)) {
              pairs.push(`${name(a.parent)} / ${name(b.parent)}`);
            }
          }
          return pairs;
        }"""
    )
    return found


def without_edge(page: Page) -> list[str]:
    """Return our own controls that nothing sets apart once the reader's colours replace ours."""
    found: list[str] = page.evaluate(
        """() => {"""
        + _NAME
        + """
          const controls = "button, select, textarea, input:not([type=radio], [type=checkbox], [type=file])";
          return [...document.querySelectorAll(`.md-content :is(${controls})`)]
            .filter(element => element.checkVisibility({ visibilityProperty: true }))
            .filter(element => {
              const { borderBlockEndStyle: style, borderBlockEndWidth: width, textDecorationLine } = getComputedStyle(element);
              return (style === "none" || parseFloat(width) === 0) && !textDecorationLine.includes("underline");
            })
            .map(name);
        }"""
    )
    return found


def small_targets(page: Page, least: int = 24) -> list[str]:
    """Return our own controls that are smaller than `least` pixels either way (WCAG 2.5.8).

    A link in a sentence is as high as its line, which the criterion allows.
    """
    found: list[str] = page.evaluate(
        """least => {"""
        + _NAME
        + """
          const controls = "button, summary, select, textarea, input, a.md-button, a:not([href^='#__'])";
          return [...document.querySelectorAll(`.md-content :is(${controls})`)].filter(element => {
            if (!element.checkVisibility({ visibilityProperty: true })) return false;
            if (element.matches("a") && getComputedStyle(element).display === "inline") return false;
            // The label is part of the target.
            const label = element.matches("input") && element.closest("label");
            const { width, height } = (label || element).getBoundingClientRect();
            return width < least || height < least;
          }).map(element => {
            const { width, height } = element.getBoundingClientRect();
            return `${name(element)}: ${Math.round(width)} × ${Math.round(height)}`;
          });
        }""",
        least,
    )
    return found


def moving(page: Page) -> list[str]:
    """Return what moves, or would, though the reader asked for stillness."""
    found: list[str] = page.evaluate(
        """() => {"""
        + _NAME
        + """
          const long = value => value.split(",").some(one => parseFloat(one) > 0.001);
          const lines = document.getAnimations().filter(one => one.playState === "running").map(
            one => `runs: ${name(one.effect.target)}`);
          for (const element of document.querySelectorAll("body *")) {
            const style = getComputedStyle(element);
            if (style.animationName !== "none" && long(style.animationDuration)) lines.push(`animation: ${name(element)}`);
            else if (long(style.transitionDuration)) lines.push(`transition: ${name(element)}`);
          }
          return lines;
        }"""
    )
    return found


# Before and after a move of the focus, what can be seen of an element and its label.
_LOOK = """
  const look = element => {
    const label = element.closest("label") || (element.id && document.querySelector(`label[for="${CSS.escape(element.id)}"]`));
    // Not just anything that follows: it may be the next stop, which looks different once it has the focus.
    const after = element.nextElementSibling?.matches("label") ? element.nextElementSibling : null;
    return JSON.stringify([element, label, after].filter(Boolean).map(one => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, textDecorationLine } = getComputedStyle(one);
      return [outlineStyle === "none" ? "none" : [outlineStyle, outlineWidth, outlineColor], boxShadow, borderColor, backgroundColor, textDecorationLine];
    }));
  };
"""


def tabbed(page: Page, most: int = 400) -> tuple[int, list[str]]:
    """Press Tab through the whole page, and return the number of stops and what was wrong.

    Each stop is visible, looks different from how it looks without the focus (2.4.7), is not
    covered by what stays in place while the page scrolls (2.4.11), and follows in DOM order (2.4.3).
    """
    # After a mere blur, Tab would go on from what had the focus, and leave out all before it.
    page.evaluate(
        """() => {
          document.body.tabIndex = -1;
          document.body.focus();
          document.body.blur();
          document.body.removeAttribute("tabindex");
          window.scrollTo(0, 0);
        }"""
    )
    page.evaluate(
        """() => {"""
        + _NAME
        + _LOOK
        + """
          const stops = window.trStops = { seen: [], wrong: [], last: null };
          window.trStop = async () => {
            const { seen, wrong } = stops;
            if (stops.last && stops.last.element.isConnected && look(stops.last.element) === stops.last.look) {
              wrong.push(`looks the same: ${name(stops.last.element)}`);
            }
            stops.last = null;
            const element = document.activeElement;
            if (!element || element === document.body) return false;
            if (seen.includes(element)) {
              // Radio buttons of a group are one stop; anything else twice is a trap.
              if (element !== seen[0]) wrong.push(`comes back: ${name(element)}`);
              return false;
            }
            const before = seen.at(-1);
            if (before && !(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) {
              wrong.push(`out of order: ${name(element)}`);
            }
            seen.push(element);
            stops.last = { element, look: look(element) };
            // An input that is drawn by its label is where the label is.
            const drawn = element.closest("label") || element;
            // On a phone Material holds the page still behind its search, until a moment after the
            // focus has left it; nobody presses Tab as fast as this. A page that stays held is a fault.
            for (let left = 40; left > 0 && !element.closest("[data-md-component=search]") && document.body.hasAttribute("data-md-scrolllock"); left--) {
              await new Promise(done => setTimeout(done, 50));
              if (!document.body.hasAttribute("data-md-scrolllock")) { element.blur(); element.focus(); } // the browser scrolls to it again
            }
            let box = drawn.getBoundingClientRect();
            if (box.width < 2 || box.height < 2) {
              const label = element.id && document.querySelector(`label[for="${CSS.escape(element.id)}"]:not([hidden])`);
              const other = element.nextElementSibling?.matches("label") ? element.nextElementSibling : label;
              if (other) box = other.getBoundingClientRect();
            }
            if (box.width < 2 || box.height < 2) { wrong.push(`not to be seen: ${name(element)}`); return true; }
            if (box.bottom <= 0 || box.top >= innerHeight) { wrong.push(`out of sight: ${name(element)} ${Math.round(box.top)}`); return true; }
            if (box.right <= 0 || box.left >= innerWidth) { wrong.push(`beside the page: ${name(element)}`); return true; }
            const inside = (x, y) => {
              const top = document.elementFromPoint(Math.min(Math.max(x, 0), innerWidth - 1), Math.min(Math.max(y, 0), innerHeight - 1));
              return top && (drawn.contains(top) || top.contains(drawn) || top.closest("label")?.contains(element) || element.labels && [...element.labels].some(l => l.contains(top)) || (element.nextElementSibling?.contains(top)));
            };
            // Material opens its search when it has the focus, over a moment.
            if (element.matches(".md-search__input")) await new Promise(done => setTimeout(done, 400));
            const lines = [...drawn.getClientRects()].filter(line => line.width > 1 && line.height > 1);
            const all = lines.length ? lines : [box];
            const points = all.flatMap(line => [
              [line.left + 2, line.top + 2], [line.left + line.width / 2, line.top + line.height / 2], [line.right - 2, line.bottom - 2]]);
            const shown = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
            let covered = shown.filter(([x, y]) => !inside(x, y));
            // What stays in place while the page scrolls takes a moment to find its place.
            if (covered.length > 0) {
              await new Promise(done => setTimeout(done, 300));
              covered = shown.filter(([x, y]) => !inside(x, y));
            }
            if (covered.length > 0) {
              const [x, y] = covered[0];
              wrong.push(`covered${covered.length === shown.length ? " wholly" : ""}: ${name(element)} by ${name(document.elementFromPoint(x, y))}`);
            }
            return true;
          };
        }"""
    )
    for _ in range(most):
        page.keyboard.press("Tab")
        if not page.evaluate("window.trStop()"):
            break
    found = page.evaluate("[window.trStops.seen.length, window.trStops.wrong]")
    return found[0], found[1]
