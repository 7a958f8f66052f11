/* Ways through the platform: where its server is, what Back returns to, and where the keyboard skips to.
 * Owns nothing but these: the buttons that skip are the page's, of the keys below. */
(() => {
  "use strict";
  // On a page's address Streamlit first asks for its server below that page, which answers 404.
  window.__streamlit = { BACKEND_BASE_URL: new URL("./", document.currentScript.src).href };

  // What the platform changes in an address is no step of the visitor's: Back must not return to the
  // address as it was, which would be changed again. A press makes one step, whatever it changes: the
  // first change after it. No step are all changes before the first press on a page that was just opened
  // or come back to, and these additions at any time.
  const ADDED = ["ledger", "quarter"];
  let isOfVisitor = false;
  for (const pressed of ["pointerdown", "keydown"]) {
    addEventListener(pressed, () => { isOfVisitor = true; }, true);
  }
  addEventListener("popstate", () => { isOfVisitor = false; }, true);
  const { pushState, replaceState } = history;
  const isChanged = (url) => {
    const now = new URL(location.href);
    const next = new URL(url ?? now, now);
    const keys = [...next.searchParams.keys()].filter((key) => !now.searchParams.has(key));
    const isKept = [...now.searchParams].every(([key, value]) =>
      next.searchParams.getAll(key).includes(value));
    const isAdded = next.pathname === now.pathname && keys.length > 0 && isKept &&
      keys.every((key) => ADDED.includes(key));
    return next.href !== now.href && !isAdded;
  };
  const change = (state, unused, url) => {
    const isStep = isOfVisitor && isChanged(url);
    (isStep ? pushState : replaceState).call(history, state, unused, url);
    if (isStep) isOfVisitor = false;
  };
  history.pushState = change;
  // What a visitor sets in a field Streamlit writes over the address. Where one looks for an answer by
  // such fields, that is a step too.
  const BY_FIELDS = /\/explore$/;
  history.replaceState = (...given) =>
    (BY_FIELDS.test(location.pathname) ? change : replaceState).apply(history, given);

  const SKIPS = {
    // Not every page has all filters.
    skip_to_filters: [".st-key-unit input", '.st-key-as_of [role="spinbutton"]'],
    skip_to_main: ['[data-testid="stMain"]'],
  };
  const skip = (event) => {
    if (event.type === "keydown" && ![" ", "Enter"].includes(event.key)) return;
    const key = Object.keys(SKIPS).find((each) => event.target.closest?.(`.st-key-${each}`));
    if (!key) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    SKIPS[key].map((place) => document.querySelector(place)).find(Boolean)?.focus();
  };
  addEventListener("click", skip, true);
  addEventListener("keydown", skip, true);
})();
