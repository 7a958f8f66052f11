/* Leads through the screens of a meeting: arrows, Home, End, and Esc to leave; names open tasks and units.
 * Owns the keys, the full screen, how large lines are and that the address names the screen in front; the
 * screens themselves are the page's, in a box of the class "screens". */
(() => {
  "use strict";
  const steps = {
    ...{ ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1 },
    ...{ ArrowLeft: -1, ArrowUp: -1, PageUp: -1 },
  };
  const box = () => document.querySelector(".screens");
  const leave = () => document.querySelector(".st-key-stop_show button")?.click();
  const isOpen = () => document.querySelector('[role="dialog"]') !== null;
  const inFront = () => {
    const all = [...box().children];
    const top = (screen) => Math.abs(screen.offsetTop - box().scrollTop);
    return all.indexOf(all.reduce((a, b) => (top(b) < top(a) ? b : a)));
  };
  const turnTo = (place) =>
    box().scrollTo({ top: box().children[place].offsetTop, behavior: "instant" });

  // The choice of a screen is bound to the address: it says which is opened first, and is pressed once
  // another one has stood in front for a moment.
  const choices = () => [...document.querySelectorAll(".st-key-screen button")];
  const chosen = () =>
    choices().findIndex((choice) => choice.matches('[aria-checked="true"], [aria-pressed="true"]'));
  let still = 0;
  const follow = (event) => {
    if (event.target !== box()) return;
    clearTimeout(still);
    still = setTimeout(() => {
      if (box() && inFront() !== chosen()) choices()[inFront()]?.click();
    }, 150);
  };
  addEventListener("scroll", follow, true);

  addEventListener(
    "keydown",
    (event) => {
      const screens = box();
      if (!screens || isOpen() || event.ctrlKey || event.altKey || event.metaKey) return;
      // A focused name or button is pressed by these keys.
      if ([" ", "Enter"].includes(event.key) && event.target.closest?.("button")) return;
      const last = screens.childElementCount - 1;
      const now = inFront();
      let next = null;
      if (event.key in steps) next = now + steps[event.key];
      if (event.key === "Home") next = 0;
      if (event.key === "End") next = last;
      if (event.key === "Escape") leave();
      if (next === null) return;
      event.preventDefault();
      event.stopPropagation();
      turnTo(Math.min(Math.max(next, 0), last));
    },
    true,
  );

  // Lines are as large as their screen has room for, in shares of what is usual; the least is that of
  // 28 px at 1920×1080.
  const sizes = [1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.94, 0.88];
  const fits = (screen) => (size) => {
    screen.style.setProperty("--size", size);
    return screen.scrollHeight <= screen.clientHeight;
  };
  const fit = () => {
    for (const screen of box()?.children ?? []) {
      screen.removeAttribute("data-lines");
      if (sizes.some(fits(screen))) continue;
      // Where even the smallest find no room, each entry is cut to two lines, or to one.
      for (const lines of [2, 1]) {
        screen.setAttribute("data-lines", lines);
        if (fits(screen)(sizes.at(-1))) break;
      }
    }
  };
  let fitted = null;
  new MutationObserver(() => {
    const first = box()?.firstElementChild ?? null;
    // The choice is drawn after the screens.
    if (first === fitted || (first && chosen() < 0)) return;
    fitted = first;
    fit();
    if (first) turnTo(chosen());
  }).observe(document, { childList: true, subtree: true });
  addEventListener("resize", fit);

  addEventListener("click", (event) => {
    const pressed = event.target.closest?.(".screens button");
    if (pressed?.dataset.goes) turnTo(Number(pressed.dataset.goes));
    if (pressed?.dataset.opens) {
      document.querySelector(`.st-key-opens_${pressed.dataset.opens} button`)?.click();
    }
    // A browser fills the screen only in answer to a press.
    if (event.target.closest?.(".st-key-start_show button")) {
      document.documentElement.requestFullscreen?.().catch(() => {});
    }
    if (event.target.closest?.(".st-key-stop_show button") && document.fullscreenElement) {
      document.exitFullscreen();
    }
  }, true);

  // Esc in full screen is the browser's own and no key is heard.
  addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && box() && !isOpen()) leave();
  });
})();
