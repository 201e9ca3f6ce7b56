// Figures in the language of the screen, and the parts of the picture that are not the ranking.

const lang = document.documentElement.lang;
const one = (selector) => document.querySelector(selector);

export function number(value, digits = 0) {
  return new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

export function money(minor, currency) {
  const format = new Intl.NumberFormat(lang, { style: "currency", currency });
  return format.format(minor / Math.pow(10, format.resolvedOptions().maximumFractionDigits));
}

export function timeOfDay(at, timeZone) {
  return new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(at);
}

export function drawClock(at, timeZone) {
  const day = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "short", timeZone });
  one("[data-clock]").textContent = `${day.format(at)} · ${timeOfDay(at, timeZone)}`;
}

export function fillBar(svg, share) {
  svg.querySelector(".bar-done").setAttribute("width", String(Math.min(100, Math.max(0, share * 100))));
  svg.classList.toggle("is-reached", share >= 1);
}

export function drawTeam(team, text) {
  one("[data-team-sales]").textContent = number(team.sales);
  one("[data-team-goal]").textContent = team.goal ? ` / ${number(team.goal)}` : "";
  const bar = one(".team .bar");
  bar.classList.toggle("is-absent", !team.goal);
  fillBar(bar, team.goal ? team.sales / team.goal : 0);
  one("[data-team-pace]").textContent = paceOf(team, text);
}

function paceOf(team, text) {
  const parts = [];
  if (team.per_hour != null) parts.push(text.pace.replace("{n}", number(team.per_hour, 1)));
  if (team.goal && team.sales >= team.goal) parts.push(text.reached);
  else if (team.pace_needed_per_hour != null) {
    parts.push(text.needed.replace("{n}", number(team.pace_needed_per_hour, 1)));
  }
  return parts.join(" · ");
}

export function fullName(person) {
  const latin = person.latin_name && person.latin_name !== person.name ? person.latin_name : "";
  return latin ? `${person.name} ${latin}` : person.name;
}

// The ranking shows who leads: awards that tell more come first.
const ORDER = ["most_improved", "first_sale", "top"];
const AWARDS_SHOWN = 3;

export function drawAwards(awards) {
  const place = one("[data-awards]");
  const sorted = awards.slice().sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const tiles = sorted.slice(0, AWARDS_SHOWN).map((award) => {
    const title = one(`[data-award-title="${award.kind}"]`);
    const tile = one("[data-award]").content.cloneNode(true);
    tile.querySelector("h2").textContent = title ? title.content.textContent : "";
    tile.querySelector(".award-name").textContent = fullName(award);
    tile.querySelector(".quiet").textContent = award.text || "";
    return tile;
  });
  place.textContent = "";
  tiles.forEach((tile) => place.appendChild(tile));
}

let newest = "";

export function drawTicker(sales, timeZone) {
  const ticker = one("[data-ticker]");
  const first = sales.length ? `${sales[0].at} ${sales[0].name}` : "";
  const isNews = newest !== "" && first !== newest;
  newest = first;
  ticker.textContent = "";
  sales.forEach((sale, index) => {
    const line = one("[data-news]").content.cloneNode(true).firstElementChild;
    line.querySelector(".news-time").textContent = timeOfDay(new Date(sale.at), timeZone);
    line.querySelector(".news-name").textContent = sale.name;
    line.querySelector(".news-what").textContent = `${sale.product} ${money(sale.amount_minor, sale.currency)}`;
    if (isNews && index === 0) line.classList.add("is-new");
    ticker.appendChild(line);
  });
}
