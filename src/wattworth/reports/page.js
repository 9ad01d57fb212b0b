"use strict";
const sites = document.querySelector("table#sites"), filter = document.querySelector("#filter");
const printed = (count) => count.toLocaleString(document.body.dataset.numbers || "en");
// Text as it is looked for: without marks of direction, and Arabic-Indic digits as Latin ones.
const sought = (text) => text.toLowerCase().replace(/[\u2066-\u2069]/g, "").replace(/[\u0660-\u0669]/g, (digit) => digit.charCodeAt(0) - 0x660);
const open = (hash) => {
  const found = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (found && found.tagName === "DETAILS") found.open = true;
};
addEventListener("hashchange", () => open(location.hash));
addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link) open(link.hash);
});
open(location.hash);

for (const button of document.querySelectorAll("[data-fold]")) {
  button.hidden = false;
  button.onclick = () => document.querySelectorAll("details.site").forEach((each) => { each.open = button.dataset.fold === "open"; });
}

if (sites) {
  const body = sites.tBodies[0], heads = [...sites.tHead.rows[0].cells], group = heads.findIndex((head) => head.classList.contains("group"));
  heads.splice(group, 1, ...sites.tHead.rows[1].cells);
  const value = (row, column) => {
    const cell = row.cells[column];
    if (heads[column].classList.contains("n") || cell.dataset.v || cell.querySelector(".no")) return cell.dataset.v ? +cell.dataset.v : null;
    return cell.textContent.trim();
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang));
  heads.forEach((head, column) => {
    const button = Object.assign(document.createElement("span"), { role: "button", tabIndex: 0 });
    button.append(head.firstChild);
    head.prepend(button);
    button.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      button.click();
    };
    button.onclick = () => {
      const text = typeof value(body.rows[0], column) === "string";
      const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : !text;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => [value(row, column), row]);
      rows.sort(([a], [b]) => (a === null) - (b === null) || (a === null ? 0 : (down ? -1 : 1) * compare(a, b)));
      body.append(...rows.map(([, row]) => row));
    };
  });

  filter.hidden = false;
  const apply = () => {
    const { text, company, status } = filter.elements, wanted = sought(text.value.trim());
    let shown = 0;
    for (const row of body.rows) {
      row.hidden = !((!wanted || sought(row.textContent).includes(wanted))
        && (!company.value || row.dataset.company === company.value) && (!status.value || row.dataset.status === status.value));
      shown += !row.hidden;
    }
    const told = filter.querySelector("output");
    told.value = told.dataset.words.replace("{shown}", printed(shown)).replace("{all}", printed(body.rows.length));
  };
  filter.oninput = apply;
  filter.onsubmit = (event) => event.preventDefault();
}
