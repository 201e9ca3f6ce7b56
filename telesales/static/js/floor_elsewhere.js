// Agents who take calls of this campaign and are on another one of the same floor now: names, states, where.

const rows = new Map();

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function fillRow(row, agent, words, state) {
  const person = state.people[agent.id] || {};
  const campaign = state.neighbours[agent.campaign_id];
  write(row.querySelector("[data-name]"), person.name || `#${agent.id}`);
  const label = row.querySelector("[data-state]");
  label.className = `state state-${agent.state}`;
  label.querySelector("use").setAttribute("href", words.stateIcon(agent.state));
  write(label.querySelector("[data-state-word]"), words.stateName(agent.state));
  const place = row.querySelector("[data-campaign]");
  write(place, campaign ? campaign.name : words.otherCampaign);
  if (campaign) place.setAttribute("href", campaign.url);
  else place.removeAttribute("href");
}

export function showElsewhere(floor, words, picture, state) {
  const box = floor.querySelector("[data-elsewhere]");
  if (!box) return;
  const agents = [...(picture.elsewhere || [])].sort((a, b) => a.id - b.id);
  const seen = new Set(agents.map((agent) => agent.id));
  for (const [id, row] of rows) {
    if (seen.has(id)) continue;
    row.remove();
    rows.delete(id);
  }
  const list = box.querySelector("[data-elsewhere-list]");
  for (const agent of agents) {
    if (!rows.has(agent.id)) rows.set(agent.id, words.elsewhereRow.cloneNode(true));
    const row = rows.get(agent.id);
    fillRow(row, agent, words, state);
    if (!row.isConnected) list.append(row);
  }
  box.hidden = agents.length === 0;
}
