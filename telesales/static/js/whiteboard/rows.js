// The ranking: rows move to their new place, they do not jump. The first ten stay longest, the others follow in pages.

import { fillBar, number } from "./drawing.js";

const PAGE = 10;
const FEW = 6;
const TOP_TIME = 20000;
const OTHERS_TIME = 8000;

const list = document.querySelector("[data-rows]");
const more = document.querySelector("[data-more]");
const template = document.querySelector("[data-row]");
const text = document.body.dataset;
const known = new Map(); // user id -> list item
let pages = [];
let placed = 0;
let shown = 0;
let timer = 0;

function pagesOf(board) {
  if (board.ranked.length + board.others.length <= PAGE) return [board.ranked.concat(board.others)];
  const result = [board.ranked];
  for (let start = 0; start < board.others.length; start += PAGE) {
    result.push(board.others.slice(start, start + PAGE));
  }
  return result;
}

function itemOf(person) {
  if (!known.has(person.user_id)) {
    known.set(person.user_id, template.content.cloneNode(true).querySelector("li"));
  }
  return known.get(person.user_id);
}

function fill(item, person, hasPlace) {
  const set = (selector, value) => (item.querySelector(selector).textContent = value);
  set(".place", hasPlace ? number(person.rank) : "");
  set(".own", person.name);
  set(".latin", person.latin_name && person.latin_name !== person.name ? person.latin_name : "");
  const before = item.querySelector(".sales").textContent;
  const sales = number(person.sales);
  set(".sales", sales);
  item.classList.toggle("is-first", hasPlace && person.rank === 1);
  item.classList.toggle("is-changed", before !== "" && before !== sales);
  fillMove(item.querySelector(".move"), hasPlace && person.previous_rank ? person.previous_rank - person.rank : null);
  fillGoal(item, person);
}

function fillMove(cell, places) {
  cell.classList.toggle("is-up", places > 0);
  if (places === null) cell.textContent = "";
  else if (places === 0) cell.textContent = "–";
  else cell.textContent = places > 0 ? `▲${places}` : `▼${-places}`;
}

function fillGoal(item, person) {
  const gap = item.querySelector(".gap");
  const hasGoal = person.goal > 0;
  fillBar(item.querySelector(".bar"), hasGoal ? person.sales / person.goal : 0);
  item.querySelector(".goal .bar").style.visibility = hasGoal ? "" : "hidden";
  gap.classList.toggle("is-reached", hasGoal && person.gap <= 0);
  gap.textContent = hasGoal ? (person.gap <= 0 ? "✓" : number(person.gap)) : "";
}

function arrange(people, places) {
  list.classList.toggle("has-few", pages.length === 1 && people.length <= FEW);
  const before = new Map();
  for (const item of Array.from(list.children)) before.set(item, item.offsetTop);
  const items = people.map((person, index) => {
    const item = itemOf(person);
    fill(item, person, index < places);
    return item;
  });
  for (const item of Array.from(list.children)) if (items.indexOf(item) < 0) list.removeChild(item);
  items.forEach((item) => list.appendChild(item));
  items.forEach((item) => before.has(item) && glide(item, before.get(item) - item.offsetTop));
}

function glide(item, distance) {
  if (!distance) return;
  item.classList.remove("is-moving");
  item.classList.toggle("is-rising", distance > 0);
  item.style.transform = `translateY(${distance}px)`;
  void item.offsetHeight; // from there …
  item.classList.add("is-moving");
  item.style.transform = ""; // … to here
  item.addEventListener("transitionend", () => item.classList.remove("is-moving", "is-rising"), { once: true });
}

function show(index) {
  shown = index;
  arrange(pages[index], index === 0 ? placed : 0);
  const rest = pages.slice(1).reduce((sum, page) => sum + page.length, 0);
  more.textContent = rest && index === 0 ? text.people.replace("{n}", number(rest)) : "";
  clearTimeout(timer);
  if (pages.length < 2) return;
  timer = setTimeout(() => show((shown + 1) % pages.length), index === 0 ? TOP_TIME : OTHERS_TIME);
}

function forget(people) {
  const present = new Set(people.map((person) => person.user_id));
  for (const id of Array.from(known.keys())) if (!present.has(id)) known.delete(id);
}

// New figures are shown where the eye is: a page of the others stays until its time is over.
export function drawRows(board) {
  const people = board.ranked.concat(board.others);
  const pageCount = pages.length;
  forget(people);
  pages = pagesOf(board);
  placed = board.ranked.length;
  document.querySelector("[data-first-words]").hidden = people.length > 0;
  if (pageCount !== pages.length) show(0);
  else arrange(pages[shown], shown === 0 ? placed : 0);
}
