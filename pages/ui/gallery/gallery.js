// A searchable menu of entries with pictures: {what, told, entries: [{key, name, group, about, picture}]}. Plain buttons in groups: Tab and
// Enter work as everywhere. told: whether what an entry is about stands beside it; else it is a tooltip.
export default function ({ data, parentElement, setTriggerValue }) {
  if (parentElement.querySelector(".rv-gallery")) return;
  const root = element("div", data.told ? "rv-gallery rv-gallery-told" : "rv-gallery");
  const search = element("input", "rv-gallery-search");
  search.type = "search";
  search.placeholder = `Search ${data.what}`;
  search.setAttribute("aria-label", search.placeholder);
  const none = element("p", "rv-gallery-none", `None of the ${data.what} matches.`);
  none.hidden = true;
  none.setAttribute("role", "status");
  root.append(search, none);

  const cards = [];
  for (const group of new Set(data.entries.map((entry) => entry.group))) {
    const section = element("section");
    section.append(element("h3", "", group));
    const grid = element("div", "rv-gallery-grid");
    for (const entry of data.entries.filter((one) => one.group === group)) {
      const card = element("button", "rv-gallery-card");
      card.type = "button";
      if (!data.told) card.title = entry.about;
      const picture = element("img");
      picture.src = `data:image/png;base64,${entry.picture}`;
      picture.alt = "";
      const name = element("span", "", entry.name);
      if (data.told) name.append(element("small", "", entry.about));
      card.append(picture, name);
      card.onclick = () => setTriggerValue("choice", entry.key);
      grid.append(card);
      cards.push({ card, section, words: `${entry.name} ${entry.group} ${entry.about} ${entry.key}`.toLowerCase() });
    }
    section.append(grid);
    root.append(section);
  }

  search.oninput = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of cards) one.card.hidden = !wanted.every((word) => one.words.includes(word));
    for (const { section } of cards) section.hidden = !cards.some((one) => one.section === section && !one.card.hidden);
    none.hidden = cards.some((one) => !one.card.hidden);
  };
  parentElement.append(root);
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
