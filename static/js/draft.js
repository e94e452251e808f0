// A sentence half written survives a screen that comes in between. It is kept by the page, never by the phone.
(() => {
  const drafts = new Map();

  addEventListener("input", (event) => {
    const field = event.target.closest?.("[data-draft]");
    if (field) drafts.set(field.dataset.draft, field.value);
  });

  addEventListener("htmx:after:swap", () => {
    for (const field of document.querySelectorAll("[data-draft]")) {
      if (!field.value) field.value = drafts.get(field.dataset.draft) ?? "";
    }
  });
})();
