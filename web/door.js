/* Leads to the page that says why, once the server no longer takes this page's session. Owns nothing
 * but the question (web/kept.js keeps what was typed), asked each time the page's connection closes. */
(function () {
  "use strict";
  const Socket = window.WebSocket;
  async function ask() {
    const answer = await fetch("./account/session", { cache: "no-store" }).catch(() => null);
    if (answer?.status !== 401) return;
    dispatchEvent(new Event("session-ended"));
    const next = encodeURIComponent(location.pathname + location.search);
    location.assign(`./account/ended?why=${await answer.text()}&next=${next}`);
  }
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", ask);
    }
  };
})();
