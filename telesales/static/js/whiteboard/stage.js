// A sale takes the stage for six seconds; several wait for each other, the longest waiting are skipped.

import { fullName, money } from "./drawing.js";

const ON_STAGE = 6000;
const LEAVING = 500;
const LONGEST_QUEUE = 3;
const FRESH = 60000; // older news, heard late, is only counted
const SPARKS = 24;

const stage = document.querySelector("[data-stage]");
const seen = new Set();
const waiting = [];
let playing = false;

function drawName(sale) {
  const name = stage.querySelector("[data-stage-name]");
  name.textContent = sale.name;
  if (fullName(sale) === sale.name) return;
  const latin = document.createElement("span");
  latin.className = "latin";
  latin.textContent = sale.latin_name;
  name.appendChild(latin);
}

function throwSparks() {
  const ground = stage.querySelector("[data-sparks]");
  ground.textContent = "";
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || !ground.animate) return;
  for (let index = 0; index < SPARKS; index += 1) {
    const spark = document.createElement("span");
    spark.className = "spark";
    ground.appendChild(spark);
    const angle = (index / SPARKS) * 2 * Math.PI;
    const reach = 30 + (index % 4) * 9;
    const target = `translate(${Math.cos(angle) * reach}vw, ${Math.sin(angle) * reach * 0.6}vh)`;
    spark.animate(
      [{ transform: "none", opacity: 1 }, { transform: target, opacity: 0 }],
      { duration: 1800 + (index % 5) * 200, easing: "cubic-bezier(0.1, 0.7, 0.2, 1)" },
    );
  }
}

function play() {
  const sale = waiting.shift();
  if (!sale) {
    playing = false;
    return;
  }
  playing = true;
  drawName(sale);
  stage.querySelector("[data-stage-what]").textContent = `${sale.product} · ${money(sale.amount_minor, sale.currency)}`;
  stage.classList.remove("is-leaving");
  stage.hidden = false;
  throwSparks();
  setTimeout(() => stage.classList.add("is-leaving"), ON_STAGE - LEAVING);
  setTimeout(() => {
    stage.hidden = true;
    play();
  }, ON_STAGE);
}

export function celebrate(sale, now) {
  if (seen.has(sale.sale_id) || now - Date.parse(sale.at) > FRESH) return;
  seen.add(sale.sale_id);
  waiting.push(sale);
  if (waiting.length > LONGEST_QUEUE) waiting.shift();
  if (!playing) play();
}

export function isPlaying() {
  return playing;
}
