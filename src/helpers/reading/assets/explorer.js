"use strict";
// The explorer: shows what multiverse.csv holds under the choices of #explorer-form, which the address keeps. All as text, no markup.
(() => {
  const COLOURS = { China: "china", "United States": "us", Europe: "europe", EU: "europe" };
  const byId = (id) => document.getElementById(id);
  const source = byId("explorer-data"), form = byId("explorer-form"), figure = byId("explorer-figure"), says = byId("explorer-says");
  if (!source || !form) return;
  const data = JSON.parse(source.textContent);
  const names = Object.keys(data.choices);

  // choices: {name: text}
  const optionOf = (name, test) => data.choices[name].values.find(test);
  const textOf = (name, value) => optionOf(name, (option) => option.value === value).text;
  const label = (name, text) => `${data.choices[name].label}: ${optionOf(name, (option) => option.text === text).label}`;
  const texts = (valueOf) => Object.fromEntries(names.map((name) => [name, textOf(name, valueOf(name))]));
  const differing = (a, b) => names.filter((name) => a[name] !== b[name]);
  const control = (name) => form.elements.namedItem(name);
  const defaults = texts((name) => data.choices[name].default);
  const swept = data.specifications.map((spec, place) => ({ ...spec, place, texts: texts((name) => spec.choices[name]) }));
  const find = (chosen) => swept.find((spec) => !differing(spec.texts, chosen).length);
  const read = () => Object.fromEntries(names.map((name) => [name, control(name).value]));
  const put = (chosen) => names.forEach((name) => { control(name).value = chosen[name]; });

  // address
  function write(chosen) {
    const asked = String(new URLSearchParams(differing(chosen, defaults).map((name) => [name, chosen[name]])));
    if (asked !== location.hash.slice(1)) history.pushState(null, "", asked ? `#${asked}` : location.href.split("#")[0]);
  }

  // The choices of the address and a note on what in it is unknown; null for the anchor of a section.
  function fromAddress() {
    const asked = location.hash.slice(1), chosen = { ...defaults }, notes = [];
    if (asked && !asked.includes("=")) return null;
    for (const [name, text] of new URLSearchParams(asked.replace(/\+/g, "%2B"))) {
      const short = (word) => `“${word.slice(0, 40)}”`;
      if (!names.includes(name)) notes.push(`There is no choice ${short(name)}.`);
      else if (!optionOf(name, (option) => option.text === text)) notes.push(`${data.choices[name].label}: no value ${short(text)}.`);
      else chosen[name] = text;
    }
    return { chosen, note: notes.length ? `${notes.slice(0, 3).join(" ")} That part of the address is ignored. ` : "" };
  }

  // words
  const places = (value) => (value ? Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))) : 0);
  const number = (value) => (value === null ? "missing"
    : Math.abs(value) >= 1e10 ? (+value.toPrecision(4)).toExponential()
    : value.toLocaleString("en-GB", { maximumFractionDigits: places(value) })).replace("-", "−")
    .replace(/e.(.+)/, (_, power) => `\xa0×\xa010${power.replace(/./g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit])}`);
  const range = ({ low, high }) => (low === null || high === null || low === high ? "" : ` [${number(low)} to ${number(high)}]`);
  const printedOf = (entity) => data.printed[entity] ?? "none";
  const holds = (spec) => (!spec || spec.holds === null ? "cannot be said" : spec.holds ? "yes" : "no");
  const counted = data.condition
    ? `The claim holds in ${data.n_holds} of the ${data.n_effective} effective combinations.` : "";

  function forbidden(chosen) {
    return data.impossible.find((rule) =>
      Object.entries(rule.choices).every(([name, values]) => values.some((value) => textOf(name, value) === chosen[name])));
  }

  function sentence(spec, rule) {
    if (rule) return `These choices cannot be combined: ${rule.because}`;
    if (!spec) return "This combination was not swept. The command runs it.";
    const told = data.entities.map((entity) => {
      const rows = spec.values.filter((row) => row.entity === entity);
      const ends = rows.length > 4 ? [rows[0], rows.at(-1)] : rows;
      const series = ends.map((row) => `${number(row.value)}${range(row)} (${row.period})`).join(ends === rows ? ", " : " … ");
      return `${entity} ${series}${entity in data.printed ? `, printed ${data.printed[entity]}` : ""}`;
    });
    const late = spec.apart ? ` This one is not counted: ${spec.apart}.` : "";
    const met = data.condition ? ` Does the condition hold: ${holds(spec)}.` : "";
    return `${data.unit}: ${told.join("; ")}.${met} Number ${spec.place + 1} of ${swept.length}, sorted by ${data.sorted_by}. ${counted}${late}`;
  }

  // The result in a line that stays in sight while choices are made.
  function short(spec, rule) {
    if (rule || !spec) return rule ? "cannot be combined" : "not run";
    const told = data.curve.map((entity, index) => `${data.curve.length > 1 ? `${entity} ` : ""}${number(spec.drawn[index])}`);
    return [told.join(", "), data.condition ? `holds: ${holds(spec)}` : "", data.condition ? `${data.n_holds} of ${data.n_effective} hold` : ""]
      .filter(Boolean).join(" · ");
  }

  // page
  function dress(element, attributes) {
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  }
  const svgElement = (tag, attributes) => dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);

  function make(tag, text, attributes = {}) {
    const element = dress(document.createElement(tag), attributes);
    element.textContent = text;
    return element;
  }

  function table(spec) {
    const body = byId("explorer-values").tBodies[0];
    const rows = spec ? spec.values : data.curve.map((entity) => ({ entity, period: "not run" }));
    body.replaceChildren(...rows.map((row) => {
      const line = make("tr", "");
      line.append(make("th", row.entity, { scope: "row" }), make("td", row.period),
        make("td", spec ? number(row.value) + range(row) : "not run"), make("td", printedOf(row.entity)));
      return line;
    }));
  }

  // Offers the swept specification with the fewest other choices, if it can one that keeps the last made.
  function offer(spec, chosen, kept) {
    const place = byId("explorer-nearest");
    place.replaceChildren();
    place.hidden = Boolean(spec);
    if (spec) return;
    const far = (each) => differing(each.texts, chosen).length + (each.texts[kept] === chosen[kept] ? 0 : 0.5);
    const nearest = swept.reduce((best, each) => (far(each) < far(best) ? each : best));
    const moved = differing(nearest.texts, chosen);
    const told = moved.map((name) => label(name, nearest.texts[name])).join("; ");
    const button = make("button", `Show the nearest one that was run (${told})`, { type: "button" });
    button.addEventListener("click", () => {
      put(nearest.texts);
      form.querySelector(`select[name=${moved[0]}], [name=${moved[0]}]:checked`).focus();
      changed();
    });
    place.append(button);
  }

  // figure
  function curve(spec) {
    const wide = Math.max(260, Math.min(760, figure.clientWidth || 640)), high = 260;
    const printed = data.curve.filter((entity) => entity in data.printed).map((entity) => [entity, +data.printed[entity]]);
    const known = swept.flatMap((each) => each.drawn).filter((value) => value !== null), all = [...known, ...printed.map((each) => each[1])];
    const least = Math.min(...all), most = Math.max(...all), room = most - least || 1;
    const told = (value) => number(+value.toPrecision(4));
    const left = 20 + 8 * Math.max(told(least).length, told(most).length), right = wide - 14;
    const top = 26, bottom = high - 26, radius = Math.max(2.5, Math.min(6, (right - left) / swept.length / 2.4));
    const x = (place) => left + (place + 0.5) / swept.length * (right - left);
    const y = (value) => bottom - 24 - (value - least) / room * (bottom - top - 42);
    const svg = svgElement("svg", { viewBox: `0 0 ${wide} ${high}`, width: wide, height: high, "aria-hidden": "true" });

    function draw(tag, attributes, style, text = "") {
      const mark = svgElement(tag, attributes);
      Object.assign(mark.style, style);
      mark.textContent = text;
      svg.append(mark);
    }
    const named = (name, other = "currentColor") => `var(--${name}, ${other})`;
    const ink = named("ink"), muted = named("muted"), paper = named("paper", "Canvas");
    const colour = (entity) => named(COLOURS[entity] || "accent");
    const line = (x1, y1, x2, y2, style) => draw("line", { x1, y1, x2, y2 }, { stroke: muted, ...style });
    const across = (value, style) => line(left, y(value), right, y(value), style);
    const upright = (spec, style) => line(x(spec.place), top, x(spec.place), bottom, style);
    const write = (text, x, y, anchor, fill) => draw("text", { x, y, "text-anchor": anchor },
      { fill, "font-size": "13px", "paint-order": "stroke", stroke: paper, "stroke-width": "4px", "stroke-linejoin": "round" }, text);
    const side = (place) => (x(place) < 66 ? "start" : x(place) > wide - 66 ? "end" : "middle");

    line(left, bottom, right, bottom);
    const tick = (value) => write(told(value), left - 8, y(value) + 4, "end", muted);
    new Set([least, most]).forEach(tick);
    if (least < 0 && most > 0) {
      tick(0);
      across(0);
    }
    printed.forEach(([entity, value]) => across(value, { stroke: colour(entity), "stroke-dasharray": "5 4" }));
    const standard = find(defaults);
    if (standard && standard !== spec) {
      upright(standard, { "stroke-dasharray": "1 3" });
      write("default", x(standard.place), high - 9, side(standard.place), muted);
    }
    if (spec) {
      upright(spec, { stroke: ink });
      write(spec === standard ? "chosen, the default" : "chosen", x(spec.place), top - 9, side(spec.place), ink);
    }
    printed.forEach(([entity, value]) => {  // at the end from which the marks are farther
      const far = !data.curve[1] && least + most > 2 * value;
      write(`printed ${value}`, far ? right : left + 2, y(value) - 5, far ? "end" : "start", colour(entity));
    });
    const ends = data.curve.map((entity, index) => [entity, swept.map((each) => each.drawn[index]).findLast((value) => value !== null)])
      .filter(([, value]) => value !== undefined);
    const lowest = Math.min(...ends.map(([, value]) => value));
    if (data.curve.length > 1) {
      ends.forEach(([entity, value]) => write(entity, right, y(value) + (value === lowest ? radius + 15 : -radius - 7), "end", colour(entity)));
    }
    data.curve.forEach((entity, index) => {
      for (const each of swept) {
        const value = each.drawn[index], r = radius;
        if (value === null) continue;
        const cx = x(each.place), cy = y(value);
        const shape = each.holds === null ? `M${cx} ${cy - r}l${r} ${r} ${-r} ${r} ${-r} ${-r}z`
          : each.apart ? `M${cx - r} ${cy - r}h${2 * r}v${2 * r}h${-2 * r}z`
          : `M${cx - r} ${cy}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
        draw("path", { d: shape, class: "mark" }, { fill: each.holds ? colour(entity) : paper, stroke: colour(entity), "stroke-width": 1.5 });
        if (each === spec) draw("circle", { cx, cy, r: r + 5, class: "chosen" }, { fill: "none", stroke: ink, "stroke-width": 2 });
      }
    });
    figure.replaceChildren(svg);
    figure.setAttribute("aria-label", `Specification curve: ${data.drawn_as} (${data.unit}), ${swept.length} specifications by ${data.sorted_by}, ` +
      (known.length ? `from ${number(Math.min(...known))} to ${number(Math.max(...known))}. ` : "without a number. ") +
      printed.map(([entity, value]) => `Printed for ${entity}: ${value}. `).join("") +
      (spec ? `Number ${spec.place + 1} is chosen: ${holds(spec)}. ` : "The chosen one was not run. ") + counted);
  }

  // wiring
  let shown;
  function show(note = "", kept = "") {
    const chosen = read(), spec = find(chosen), rule = spec ? undefined : forbidden(chosen);
    const given = [...differing(chosen, defaults).map((name) => [name, chosen[name]]), ...Object.entries(spec?.beside ?? {})]
      .map((each) => ` -p ${each.join("=")}`).join("");
    shown = spec;
    table(spec);
    offer(spec, chosen, kept);
    curve(spec);
    byId("explorer-holds").textContent = holds(spec);
    byId("explorer-command").textContent = rule ? "none: these choices cannot be combined" : `factcheck run ${data.notebook}${given}`;
    says.textContent = note + sentence(spec, rule);
    byId("explorer-bar").textContent = short(spec, rule);
    byId("explorer-bar").hidden = false;
  }

  function changed(event) {
    write(read());
    show("", event?.target.name);
  }

  function follow() {
    const asked = fromAddress();
    if (!asked) return;
    put(asked.chosen);
    show(asked.note);
  }

  byId("explorer-key").hidden = false;
  figure.after(byId("explorer-key"));
  form.addEventListener("change", changed);
  form.addEventListener("reset", () => setTimeout(changed));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", follow);
  addEventListener("resize", () => curve(shown));
  put(defaults);
  if (location.hash.includes("=")) follow();
  else show();
})();
