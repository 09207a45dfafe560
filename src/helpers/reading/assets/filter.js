"use strict";
// The scorecard's filter. The address keeps it, so that a view can be cited; without scripts the whole table shows.
(() => {
  const form = document.getElementById("filter"), says = document.getElementById("filter-says");
  const rows = [...document.querySelectorAll(".scorecard tbody tr")];
  if (!form || !says || !rows.length) return;
  const names = ["topic", "outcome", "grade", "q"];
  const words = rows.map((row) => `${row.id} ${row.textContent}`.toLowerCase());

  function show() {
    const wanted = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    const asked = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach((row, place) => {
      row.hidden = !(["topic", "outcome", "grade"].every((name) => !wanted[name] || row.dataset[name] === wanted[name])
        && asked.every((word) => words[place].includes(word)));
    });
    const shown = rows.filter((row) => !row.hidden).length;
    says.textContent = shown === rows.length ? `All ${shown} claims.` : shown ? `${shown} of ${rows.length} claims.` : "No claim fits. Show all to start again.";
    return wanted;
  }

  function keep() {
    const wanted = show();
    const query = new URLSearchParams(names.filter((name) => wanted[name]).map((name) => [name, wanted[name]])).toString();
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}#scorecard`);
  }

  function read() {
    const query = new URLSearchParams(location.search);
    for (const name of names) {
      const field = form.elements[name];
      field.value = query.get(name) ?? "";
      if (field.selectedIndex === -1) field.value = ""; // the address names what this table does not have
    }
    show();
  }

  form.addEventListener("input", keep);
  form.addEventListener("reset", () => setTimeout(keep));
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("popstate", read);
  form.hidden = false;
  read();
})();
