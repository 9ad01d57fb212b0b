"use strict";
(() => {
  const packed = document.querySelector("#vega");
  if (!packed || !window.DecompressionStream || !window.IntersectionObserver) return;
  let ready;
  const unpacked = async () => {
    const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
    const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    document.head.append(Object.assign(document.createElement("script"), { textContent: text }));
    packed.remove();
  };
  const draw = async (figure) => {
    await (ready ??= unpacked());
    const spec = JSON.parse(figure.querySelector("script").textContent), live = document.createElement("div");
    const tooltip = { disableDefaultStyle: true };
    await window.vegaEmbed(live, spec, {
      actions: false, renderer: "svg", defaultStyle: false, tooltip, formatLocale: spec.config.locale.number,
    });
    live.className = "live";
    figure.querySelector(".drawing").replaceChildren(live);
  };
  const watch = new IntersectionObserver((seen) => {
    for (const each of seen) {
      if (!each.isIntersecting) continue;
      watch.unobserve(each.target);
      draw(each.target);
    }
  }, { rootMargin: "200px" });
  addEventListener("load", () => document.querySelectorAll("figure.chart").forEach((figure) => watch.observe(figure)));
})();
