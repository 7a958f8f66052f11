/* Puts the cursor into the text box of the search when it opens, and on a narrow screen folds away the
 * sidebar, which would cover what was found. Owns nothing else: the box is the page's, in a container of
 * the key "search_phrase". */
(() => {
  "use strict";
  const COVERED = 768; // Up to this width Streamlit lays the sidebar over the page.
  let entered = null;
  new MutationObserver(() => {
    const box = document.querySelector(".st-key-search_phrase input");
    if (box === entered) return;
    entered = box;
    if (!box) return;
    if (innerWidth <= COVERED) {
      document.querySelector('[aria-controls="stSidebar"][aria-expanded="true"]')?.click();
    }
    box.focus();
  }).observe(document, { childList: true, subtree: true });
})();
