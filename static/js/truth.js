// Answers and frames arrive in any order: what is older than the screen shown, or no screen at all, is not shown.
(() => {
  // The screen stays, and says in one sentence that the last tap did not get through.
  const tell = (screen, sentence) => {
    screen.querySelector(":scope > [role=alert]")?.remove();
    const strip = document.createElement("p");
    strip.className = "notice snow";
    strip.setAttribute("role", "alert");
    strip.textContent = sentence;
    screen.prepend(strip);
  };

  const unsent = () => document.getElementById("banner")?.dataset.unsent ?? "";

  const targetOf = (task) => (typeof task.target === "string" ? document.querySelector(task.target) : task.target);

  addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    const shown = document.getElementById("screen");
    const task = tasks.find((each) => targetOf(each) === shown);
    if (!task) return;
    const next = task.fragment.querySelector("#screen");
    const status = ctx.response?.status ?? 200;
    const version = Number(next?.dataset.version); // 0 on pages that are nobody's
    const busy = !version && (status === 429 || status >= 500);
    if (busy || !next) tell(shown, next?.querySelector("[role=alert]")?.textContent.trim() || unsent());
    if (busy || !next || (version && version < Number(shown.dataset.version))) event.preventDefault();
  });

  addEventListener("htmx:error", (event) => {
    const shown = document.getElementById("screen");
    if (shown && event.detail.ctx?.request) tell(shown, unsent());
  });
})();
