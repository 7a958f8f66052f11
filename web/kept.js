/* Keeps what was typed and not saved when the session of a page ends, and offers it after the login: in the
 * same tab and to the same person alone. Owns the list of it; nothing of it is sent anywhere. */
(() => {
  "use strict";
  const KEPT = "kept-text";
  const FIELDS = "textarea, input[type=text]:not([role=combobox]), input[type=number]";
  const typed = new Set();
  const person = () => document.querySelector("[data-account]")?.dataset.account;
  const label = (field) => field.getAttribute("aria-label") || "";
  const made = (kind, text, parent) => {
    const element = document.createElement(kind);
    element.textContent = text;
    return parent.appendChild(element);
  };

  addEventListener("input", (event) => {
    if (event.target.matches?.(FIELDS)) typed.add(event.target);
  }, true);

  // web/door.js announces it before it leads to the page that says why.
  addEventListener("session-ended", () => {
    const fields = [...typed].filter((field) => field.isConnected && field.value.trim());
    const texts = fields.map((field) => ({ label: label(field), text: field.value }));
    if (texts.length && person()) sessionStorage.setItem(KEPT, JSON.stringify({ person: person(), texts }));
  });

  function fill(text) {
    const field = [...document.querySelectorAll(FIELDS)].find((each) => label(each) === text.label);
    if (!field) return false;
    const kind = field.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    // React takes a value only from the browser's own way of setting it.
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, text.text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    return true;
  }

  function offer(texts) {
    const list = document.createElement("section");
    list.id = "kept-text";
    list.setAttribute("aria-label", "登录前没有保存的内容");
    // An open form then neither hides it nor takes a click on it for one that closes the form.
    list.setAttribute("data-react-aria-top-layer", "true");
    made("h2", "登录前填了、没有保存的内容", list);
    const note = made("p", "打开原来的表单，再点“填回”；也可以复制。", list);
    for (const text of texts) {
      const item = made("div", "", list);
      made("strong", text.label || "（没有名称的一格）", item);
      made("pre", text.text, item);
      made("button", "填回", item).onclick = () => {
        note.textContent = fill(text)
          ? `已填回“${text.label}”，请核对后保存。`
          : `这一页上没有“${text.label}”，请先打开原来的表单。`;
      };
      made("button", "复制", item).onclick = async () => {
        await navigator.clipboard.writeText(text.text);
        note.textContent = `已复制“${text.label}”。`;
      };
    }
    made("button", "不用了", list).onclick = () => {
      sessionStorage.removeItem(KEPT);
      list.remove();
    };
    document.body.append(list);
  }

  if (!sessionStorage.getItem(KEPT)) return;
  const waiting = new MutationObserver(() => {
    if (!person()) return;
    waiting.disconnect();
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    if (kept.person === person()) offer(kept.texts);
    else sessionStorage.removeItem(KEPT);
  });
  waiting.observe(document, { childList: true, subtree: true });
})();
