"use strict";
(() => {
  let ready;
  const vega = () => (ready ??= new Promise((done, fail) => {
    document.head.append(Object.assign(document.createElement("script"), { src: "/assets/vega.js", onload: done, onerror: fail }));
  }));
  const draw = async (figure) => {
    const box = figure.querySelector(".drawing");
    try {
      const answer = await fetch(figure.dataset.spec);
      if (!answer.ok) throw new Error(String(answer.status));
      const spec = await answer.json();
      await vega();
      const live = document.createElement("div");
      await window.vegaEmbed(live, spec, {
        actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true },
        formatLocale: spec.config.locale && spec.config.locale.number,
      });
      live.className = "live";
      live.setAttribute("aria-hidden", "true"); // the box around it says what it shows
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", spec.description || figure.dataset.chart);
      box.replaceChildren(live);
    } catch {
      box.replaceChildren(Object.assign(document.createElement("p"), { className: "empty", textContent: figure.dataset.none }));
    }
  };
  const watch = new IntersectionObserver((seen) => {
    for (const each of seen) {
      if (!each.isIntersecting) continue;
      watch.unobserve(each.target);
      draw(each.target);
    }
  }, { rootMargin: "200px" });
  const look = () => {
    for (const figure of document.querySelectorAll("figure[data-spec]:not([data-seen])")) {
      figure.dataset.seen = "1";
      watch.observe(figure);
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
})();
