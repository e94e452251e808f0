// Keeps one living socket under the page, and says so when there is none. What it brings is not its business.
(() => {
  const BEAT = 16000; // the server gives a sign of life every 15 s
  const STALE = 35000; // two of them missed
  const STUCK = 16000; // the longest wait for a retry, and as long again for its handshake
  const LATE = 1000; // shorter gaps are nobody's business
  const OVER = [4401, 4404];
  const page = document.documentElement;
  let connection = null, heard = 0, began = 0, late = 0;

  const banner = (visible) => {
    const strip = document.getElementById("banner");
    if (strip) strip.hidden = !visible;
  };

  const show = (net) => {
    if (page.dataset.net === net) return;
    page.dataset.net = net;
    clearTimeout(late);
    if (net === "reconnecting") late = setTimeout(() => banner(true), LATE);
    else banner(false);
  };

  // A socket can hang without ever closing, so the element that owns it is replaced, and with it the socket.
  const fresh = () => {
    const owner = document.getElementById("live");
    if (!owner || page.dataset.net === "ended") return;
    show("reconnecting");
    began = Date.now();
    htmx.swap({ sourceElement: owner, target: owner, swap: "outerHTML", text: owner.outerHTML });
  };

  const wake = () => {
    const opening = connection?.socket?.readyState === WebSocket.CONNECTING && Date.now() - began < LATE;
    if (!document.hidden && !opening) fresh();
  };

  // Nobody is here any more, or the event is over: the page itself says which.
  const finish = () => {
    show("ended");
    htmx.ajax("GET", location.pathname, { target: "#screen", select: "#screen", swap: "outerMorph" });
  };

  const watch = () => {
    if (document.hidden) return;
    const now = Date.now();
    const silent = page.dataset.net === "online" && now - heard > STALE;
    const stuck = page.dataset.net === "reconnecting" && now - began > STUCK;
    if (silent || stuck) fresh();
  };

  addEventListener("htmx:ws:before:connection", (event) => {
    connection = event.detail.connection;
    began = Date.now();
    show("reconnecting");
  });

  addEventListener("htmx:ws:after:connection", () => {
    clearTimeout(connection.timer); // a retry still waiting would open a second socket
    connection.timer = null;
    heard = Date.now();
    show("online");
  });

  addEventListener("htmx:ws:before:message:incoming", () => {
    heard = Date.now();
  });

  addEventListener("htmx:ws:close", (event) => {
    if (event.detail.connection !== connection || event.detail.reason !== "closed") return;
    if (OVER.includes(event.detail.code)) finish();
    else if (!document.hidden) show("reconnecting");
  });

  // A form that did not get through may mean that a silent line is dead, too.
  addEventListener("htmx:error", (event) => {
    if (event.detail.ctx?.request && Date.now() - heard > BEAT) fresh();
  });

  // htmx may have looked for sockets before its own extension had arrived.
  document.addEventListener("DOMContentLoaded", () => { if (!connection) fresh(); });
  addEventListener("online", wake);
  addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  document.addEventListener("visibilitychange", wake);
  setInterval(watch, 1000);
})();
