"use strict";
// The site's search: every word must stand in the title or the text of an entry; titles and claims come first.
(() => {
  const form = document.getElementById("finder"), field = form?.elements.q;
  const list = document.getElementById("results"), says = document.getElementById("search-says");
  if (!form || typeof FOUND === "undefined") return;
  const FIRST = { claim: 3, notebook: 2, page: 1, table: 0 }, MOST = 40, AROUND = 90;
  const known = FOUND.map((each) => ({ ...each, low: `${each.title} ${each.text}`.toLowerCase(), name: each.title.toLowerCase() }));
  const literal = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // A number is whole: 22.6 is not part of 122.61; a word may go on.
  const matcher = (word) => new RegExp(/^[\d.]+$/.test(word) ? `(?<![\\d.])${literal(word)}(?!\\d|\\.\\d)` : `(?<![\\p{L}\\d])${literal(word)}`, "iu");

  function excerpt(text, tests) {
    const places = tests.map((test) => text.search(test)).filter((place) => place >= 0);
    const middle = places.length ? Math.min(...places) : 0;
    let start = Math.max(0, middle - AROUND), end = Math.min(text.length, middle + 2 * AROUND);
    if (start) start = text.indexOf(" ", start) + 1;
    if (end < text.length) end = text.lastIndexOf(" ", end);
    return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
  }

  // Text with what was asked for marked; no markup from outside enters.
  function marked(element, text, tests) {
    const any = new RegExp(tests.map((test) => test.source).join("|"), "giu");
    let last = 0;
    for (const match of text.matchAll(any)) {
      element.append(text.slice(last, match.index));
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      element.append(mark);
      last = match.index + match[0].length;
    }
    element.append(text.slice(last));
    return element;
  }

  function show() {
    const asked = field.value.trim().split(/\s+/).filter(Boolean), tests = asked.map(matcher);
    const hits = !tests.length ? [] : known.filter((each) => tests.every((test) => test.test(each.low)))
      .map((each) => ({ ...each, rank: FIRST[each.kind] + 4 * tests.filter((test) => test.test(each.name)).length }))
      .sort((a, b) => b.rank - a.rank);
    list.replaceChildren(...hits.slice(0, MOST).map((each) => {
      const line = document.createElement("li"), link = document.createElement("a"), kind = document.createElement("span");
      link.href = each.place;
      kind.textContent = each.kind;
      kind.className = "note";
      const title = document.createElement("h2");
      title.append(marked(link, each.title, tests));
      line.append(title, kind, marked(document.createElement("p"), excerpt(each.text, tests), tests));
      return line;
    }));
    says.textContent = !tests.length ? "" : hits.length > MOST ? `The first ${MOST} of ${hits.length} places.`
      : hits.length ? `${hits.length} place${hits.length > 1 ? "s" : ""}.` : "Nothing holds all of these words. Try fewer, or a number as it was printed.";
  }

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?${new URLSearchParams({ q: field.value })}`);
    show();
  });
  show();
})();
