"use strict";
// Sends a chosen workbook to the API and opens the study it becomes, or says what is wrong with it.
document.addEventListener("change", async ({ target: input }) => {
  if (!input.matches("input[data-upload]") || !input.files.length) return;
  const box = input.closest(".upload"), told = box.querySelector("[role=alert]"), waiting = box.querySelector("[role=status]");
  const words = input.dataset, [file] = input.files;
  const wrong = (text, detail) => {
    told.replaceChildren(text, " ", Object.assign(document.createElement("bdi"), { lang: "en", dir: "ltr", textContent: detail || "" }));
    waiting.textContent = "";
    input.disabled = false;
    input.value = "";
    input.focus();
  };
  told.replaceChildren();
  if (file.size > +words.most || !/\.xls[xm]$/i.test(file.name)) return wrong(words.rejected);
  waiting.textContent = words.waiting;
  const body = new FormData();
  body.append("file", file);
  input.disabled = true;
  try {
    const answer = await fetch("/api/v1/studies/upload", { method: "POST", body });
    const made = await answer.json();
    if (!answer.ok) return wrong(words.refused, made.detail);
    location.assign(words.open + made.study_id);
  } catch (error) {
    wrong(words.refused, String(error));
  }
});
