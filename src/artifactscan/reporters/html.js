"use strict";
// What the page can do beyond being read: one view at a time, evidence beside the phrase, filters, sorting, search.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const index = document.getElementById("index");
  const views = all("#index, article.document");
  document.documentElement.classList.add("js");

  // One view at a time: the address names a view or something in it.
  function route(event) {
    const target = document.getElementById(location.hash.slice(1));
    const view = target?.closest("#index, article.document") ?? views[0];
    const changed = view?.hidden;
    if (index) for (const other of views) other.hidden = other !== view;
    if (target?.matches(".card, .text a")) {
      target.scrollIntoView({ block: "center" });
      target.focus({ preventScroll: true });
    } else if (event && changed) {
      scrollTo(0, 0);
      view.querySelector(".title").focus({ preventScroll: true });
    }
  }
  addEventListener("hashchange", route);
  route();

  // Evidence beside the phrase, on hover and on focus; Escape puts it away.
  const tip = document.getElementById("tip");
  const cardOf = (link) => document.getElementById(link.hash.slice(1)); // null while the finding is filtered out
  let timer = 0;
  let shown = null; // the card

  function show(link) {
    clearTimeout(timer);
    const card = cardOf(link);
    if (shown === card || !card) return;
    hide();
    tip.className = card.className.replace("card", "").trim();
    tip.replaceChildren(...all(":scope > .head, :scope > .change, table", card).map((part) => part.cloneNode(true)));
    for (const part of all("[id]", tip)) part.removeAttribute("id");
    for (const place of all("a", tip)) place.replaceWith(Object.assign(document.createElement("span"), { className: "place", textContent: place.textContent }));
    tip.hidden = false;
    const lines = link.getClientRects();
    const last = lines[lines.length - 1];
    const below = last.bottom + tip.offsetHeight + 12 < innerHeight || lines[0].top < tip.offsetHeight + 12;
    const top = below ? last.bottom + 8 : lines[0].top - tip.offsetHeight - 8;
    const left = Math.min(last.left, document.documentElement.clientWidth - tip.offsetWidth - 12);
    tip.style.top = `${top + scrollY}px`;
    tip.style.left = `${Math.max(12, left) + scrollX}px`;
    card.classList.add("current");
    shown = card;
  }

  function hide() {
    clearTimeout(timer);
    shown?.classList.remove("current");
    tip.hidden = true;
    shown = null;
  }

  const later = (what, wait) => {
    clearTimeout(timer);
    timer = setTimeout(what, wait);
  };
  const marks = {};
  for (const link of all(".text mark a")) {
    (marks[link.hash] ??= []).push(link);
    link.addEventListener("pointerenter", () => later(() => show(link), 80));
    link.addEventListener("pointerleave", () => later(hide, 250));
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("click", (event) => {
      const card = cardOf(link);
      if (!card) return;
      event.preventDefault();
      show(link);
      card.querySelector("details").open = true;
      const list = card.closest("aside");
      if (list.scrollHeight > list.clientHeight) list.scrollTop += card.getBoundingClientRect().top - list.getBoundingClientRect().top - 16;
    });
  }
  tip.addEventListener("pointerenter", () => clearTimeout(timer));
  tip.addEventListener("pointerleave", () => later(hide, 250));
  addEventListener("keydown", (event) => event.key === "Escape" && hide());

  // Filters: what is filtered out leaves the list, and its mark in the text is text again.
  const wide = matchMedia("(min-width: 64rem)").matches;
  for (const filters of all(".filters")) {
    const form = filters.querySelector("form");
    const view = filters.closest("article");
    const cards = all(".card", view);
    const apply = () => {
      const data = new FormData(form);
      const rules = new Set(data.getAll("rule"));
      const least = Number(data.get("score"));
      let count = 0;
      for (const card of cards) {
        const kept = rules.has(card.dataset.rule) && Number(card.dataset.score) >= least;
        card.hidden = !kept;
        count += kept;
        for (const link of marks[`#${card.id}`] ?? []) {
          link.parentElement.classList.toggle("off", !kept);
          if (kept) link.href = `#${card.id}`;
          else link.removeAttribute("href");
        }
      }
      form.querySelector("output").textContent = least;
      filters.querySelector(".shown").textContent = `${count} of ${cards.length} shown`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.reset();
    apply();
    filters.hidden = false;
    filters.open = wide;
  }

  // The table of documents.
  if (index) {
    const body = index.querySelector("tbody");
    const rows = all("tr", body);
    const status = index.querySelector(".search .shown");
    const search = document.getElementById("search");
    search.addEventListener("input", () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        count += !row.hidden;
      }
      status.textContent = words.length ? `${count} of ${rows.length} documents` : "";
    });
    const heads = all("thead th", index);
    heads.forEach((head, column) => {
      head.querySelector("button").addEventListener("click", () => {
        const numeric = !head.matches(".words");
        const down = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : numeric;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[column].dataset.value;
        const order = numeric ? (a, b) => value(a) - value(b) : (a, b) => value(a).localeCompare(value(b), undefined, { numeric: true });
        body.append(...rows.sort((a, b) => (down ? order(b, a) : order(a, b))));
      });
    });
  }

  // Paper has no folds.
  addEventListener("beforeprint", () => {
    hide();
    for (const fold of all("details:not([open])")) fold.open = fold.dataset.printed = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of all("details[data-printed]")) {
      fold.open = false;
      delete fold.dataset.printed;
    }
  });
})();
