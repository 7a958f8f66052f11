/* Completes names of tables and columns where a query is typed, and runs it by Ctrl-Enter. Owns the list
 * under the cursor; the names are the page's, in an element of the class "query-names": name, initials
 * in pinyin, and the tables that have a column of the name. */
(() => {
  "use strict";
  const BOX = ".st-key-sql textarea";
  const MOST = 8;
  const LETTERS = "[\\p{L}\\p{N}_]";
  let list = null;
  let box = null;
  let length = 0; // Of the letters before the cursor that the chosen name takes the place of.

  const names = () => JSON.parse(document.querySelector(".query-names")?.dataset.names ?? "[]");
  const isTable = ([, , where]) => where[0] === "表";

  /** The names that go on from `text`, which ends at the cursor; nothing inside quotation marks. */
  function suggested(text, whole) {
    if (text.split("'").length % 2 === 0) return [];
    const [, prefix, word] = new RegExp(`(?:(${LETTERS}+)\\.)?(${LETTERS}*)$`, "u").exec(text);
    length = word.length;
    const all = names();
    const tables = all.filter(isTable).map(([name]) => name);
    let offered = all;
    if (prefix) {
      const named = new RegExp(`(${tables.join("|")})\\s+(?:as\\s+)?${prefix}(?!${LETTERS})`, "iu");
      const table = tables.includes(prefix) ? prefix : named.exec(whole)?.[1];
      offered = all.filter(([, , where]) => where.includes(table));
    } else if (/\b(from|join)\s+\S*$/i.test(text)) {
      offered = all.filter(isTable);
    } else if (!word) {
      return [];
    }
    const typed = word.toLowerCase();
    const places = ([name, initials]) => [
      name.startsWith(word),
      name.includes(word),
      typed.length > 1 && initials.startsWith(typed),
    ];
    const found = offered
      .map((each) => [places(each).indexOf(true), each])
      .filter(([place, [name]]) => place >= 0 && name !== word)
      .sort(([a], [b]) => a - b);
    return found.slice(0, MOST).map(([, each]) => each);
  }

  /** Where the cursor stands in the window: an unseen copy of the text ends there. */
  function cursor() {
    const style = getComputedStyle(box);
    const copy = document.createElement("div");
    for (const name of ["font", "letterSpacing", "lineHeight", "padding", "border", "tabSize"]) {
      copy.style[name] = style[name];
    }
    Object.assign(copy.style, {
      position: "fixed", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word",
      boxSizing: "border-box", width: `${box.clientWidth}px`, top: 0, left: 0,
    });
    copy.textContent = box.value.slice(0, box.selectionEnd - length);
    const end = copy.appendChild(document.createElement("span"));
    end.textContent = "|";
    document.body.append(copy);
    const place = box.getBoundingClientRect();
    const found = {
      left: place.left + end.offsetLeft,
      top: Math.min(place.top + end.offsetTop + end.offsetHeight - box.scrollTop, place.bottom),
    };
    copy.remove();
    return found;
  }

  function close() {
    list?.remove();
    list = null;
    box?.removeAttribute("aria-activedescendant");
    box?.removeAttribute("aria-controls");
  }

  function open(found) {
    close();
    if (!found.length) return;
    list = document.createElement("ul");
    list.id = "query-completion";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "可补全的名称");
    found.forEach(([name, , where], place) => {
      const line = list.appendChild(document.createElement("li"));
      line.id = `query-completion-${place}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.dataset.name = name;
      line.append(name);
      const hint = line.appendChild(document.createElement("small"));
      hint.textContent = where.length > 2 ? `${where[0]}等 ${where.length} 张表` : where.join("、");
      // Before the press takes the cursor out of the text.
      line.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(name);
      });
    });
    document.body.append(list);
    const at = cursor();
    list.style.left = `${Math.max(0, Math.min(at.left, innerWidth - list.offsetWidth - 8))}px`;
    const below = at.top + list.offsetHeight < innerHeight;
    list.style.top = `${below ? at.top : Math.max(0, at.top - list.offsetHeight - 28)}px`;
    box.setAttribute("aria-controls", list.id);
  }

  const chosen = () => [...list.children].findIndex((line) => line.ariaSelected === "true");
  function choose(place) {
    const lines = [...list.children];
    const next = (place + lines.length) % lines.length;
    lines.forEach((line, each) => { line.ariaSelected = `${each === next}`; });
    lines[next].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", lines[next].id);
  }

  function take(name) {
    const end = box.selectionEnd;
    box.setSelectionRange(end - length, end);
    // As if typed: it can be undone, and the page takes notice of it.
    document.execCommand("insertText", false, name);
    close();
  }

  const look = (event) => {
    if (!event.target.matches?.(BOX) || event.isComposing) return;
    box = event.target;
    open(suggested(box.value.slice(0, box.selectionEnd), box.value));
  };
  addEventListener("input", look, true);
  addEventListener("compositionend", look, true);
  addEventListener("focusout", close, true);
  addEventListener("scroll", (event) => { if (event.target !== list) close(); }, true);

  addEventListener("keydown", (event) => {
    if (!event.target.matches?.(BOX) || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      close();
      // The page takes the text first, by the same keys.
      setTimeout(() => document.querySelector(".st-key-run_query button")?.click());
      return;
    }
    if (!list) return;
    const keys = {
      ArrowDown: () => choose(chosen() + 1),
      ArrowUp: () => choose(Math.max(chosen(), 0) - 1),
      Tab: () => take(list.children[Math.max(chosen(), 0)].dataset.name),
      Escape: close,
    };
    // A line may end where a name could go on.
    if (chosen() >= 0) keys.Enter = keys.Tab;
    if (!(event.key in keys) || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }, true);
})();
