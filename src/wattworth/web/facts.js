"use strict";
(() => {
  const form = document.querySelector("#fact-filter"), table = document.querySelector("table#facts");
  if (!form || !table || form.dataset.live) return;
  form.dataset.live = "1";
  // Text as it is looked for: without marks of direction, and Arabic-Indic digits as Latin ones.
  const sought = (text) => text.toLowerCase().replace(/[\u2060-\u2069]/g, "").replace(/[\u0660-\u0669]/g, (digit) => digit.charCodeAt(0) - 0x660);
  const rows = [...table.tBodies[0].rows].map((row) => [row, sought(row.textContent)]);
  const told = form.querySelector("output"), printed = (count) => count.toLocaleString(form.dataset.numbers || "en");
  const more = form.querySelector("[data-more]");
  let most = +form.dataset.most;
  const apply = () => {
    const { text, room, confidence } = form.elements, words = sought(text.value).split(/\s+/).filter(Boolean);
    let shown = 0, fitting = 0;
    for (const [row, content] of rows) {
      const fits = words.every((word) => content.includes(word)) && (!room.value || row.dataset.room === room.value)
        && (!confidence.value || row.dataset.confidence === confidence.value);
      row.hidden = !fits || fitting >= most;
      fitting += fits;
      shown += !row.hidden;
    }
    more.hidden = shown === fitting;
    told.value = told.dataset.words.replace("{shown}", printed(shown)).replace("{all}", printed(rows.length));
  };
  more.onclick = () => {
    most = Infinity;
    apply();
    told.focus();
  };
  form.oninput = apply;
  form.onsubmit = (event) => event.preventDefault();
  table.onclick = (event) => {
    const button = event.target.closest("[data-fact]");
    if (button) emitEvent("fact_chosen", button.dataset.fact);
  };
  const here = location.hash.startsWith("#fact-") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (here) {
    here.hidden = false;
    here.classList.add("sought");
    here.scrollIntoView({ block: "center" });
  }
})();
