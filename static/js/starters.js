// A tapped sentence fills the field instead of being sent, so that it can be made one's own.
(() => {
  const fieldOf = (starter) => starter.form?.elements.text;

  const mark = () => {
    for (const starter of document.querySelectorAll("[data-starter]")) {
      const words = fieldOf(starter)?.value ?? "";
      starter.setAttribute("aria-pressed", String(words.startsWith(starter.value)));
    }
  };

  addEventListener("click", (event) => {
    const starter = event.target.closest?.("[data-starter]");
    const field = starter && fieldOf(starter);
    if (!field) return;
    event.preventDefault();
    field.value = starter.value;
    mark();
  });

  addEventListener("input", mark);
  addEventListener("htmx:after:swap", mark);
})();
