/* Leads through the screens of a meeting: arrows, Home, End, and Esc to leave. Owns the keys, the full
 * screen and how large lines are; the screens themselves are the page's, in a box of the class
 * "screens". */
(() => {
  "use strict";
  const steps = {
    ...{ ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1 },
    ...{ ArrowLeft: -1, ArrowUp: -1, PageUp: -1 },
  };
  const box = () => document.querySelector(".screens");
  const leave = () => document.querySelector(".st-key-stop_show button")?.click();

  addEventListener(
    "keydown",
    (event) => {
      const screens = box();
      if (!screens || event.ctrlKey || event.altKey || event.metaKey) return;
      const last = screens.childElementCount - 1;
      const now = Math.round(screens.scrollTop / screens.clientHeight);
      let next = null;
      if (event.key in steps) next = now + steps[event.key];
      if (event.key === "Home") next = 0;
      if (event.key === "End") next = last;
      if (event.key === "Escape") leave();
      if (next === null) return;
      event.preventDefault();
      event.stopPropagation();
      const shown = Math.min(Math.max(next, 0), last);
      screens.scrollTo({ top: shown * screens.clientHeight, behavior: "instant" });
    },
    true,
  );

  // Lines are as large as their screens have room for, in shares of what is usual; those of a list
  // that goes on over several screens are alike.
  const sizes = [1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.9];
  const fits = (size) => (screen) => {
    screen.style.setProperty("--size", size);
    return screen.scrollHeight <= screen.clientHeight;
  };
  const fit = () => {
    const all = [...(box()?.children ?? [])];
    const message = (screen) => screen.querySelector("h2").textContent;
    for (const said of new Set(all.map(message))) {
      const screens = all.filter((screen) => message(screen) === said);
      screens.forEach((screen) => screen.removeAttribute("data-lines"));
      const size = sizes.find((each) => screens.every(fits(each))) ?? sizes.at(-1);
      // Where even the smallest find no room, each entry is cut to two lines, or to one.
      for (const lines of [2, 1]) {
        screens.filter((screen) => !fits(size)(screen)).forEach((screen) =>
          screen.setAttribute("data-lines", lines));
      }
    }
  };
  let fitted = null;
  new MutationObserver(() => {
    const first = box()?.firstElementChild ?? null;
    if (first === fitted) return;
    fitted = first;
    fit();
  }).observe(document, { childList: true, subtree: true });
  addEventListener("resize", fit);

  // A browser fills the screen only in answer to a press.
  addEventListener("click", (event) => {
    if (event.target.closest?.(".st-key-start_show button")) {
      document.documentElement.requestFullscreen?.().catch(() => {});
    }
    if (event.target.closest?.(".st-key-stop_show button") && document.fullscreenElement) {
      document.exitFullscreen();
    }
  }, true);

  // Esc in full screen is the browser's own and no key is heard.
  addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && box()) leave();
  });
})();
