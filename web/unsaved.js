/* Asks before a window is closed over what was typed and not saved. Owns nothing but the question:
 * a page that has something unsaved shows a container of the key "unsaved". */
addEventListener("beforeunload", (event) => {
  if (document.querySelector(".st-key-unsaved")) event.preventDefault();
});
