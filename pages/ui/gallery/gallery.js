// A searchable menu of landscapes. Plain buttons in groups: Tab and Enter work as everywhere.
export default function ({ data, parentElement, setTriggerValue }) {
  if (parentElement.querySelector(".rv-gallery")) return;
  const root = element("div", "rv-gallery");
  const search = element("input", "rv-gallery-search");
  search.type = "search";
  search.placeholder = "Search landscapes";
  search.setAttribute("aria-label", "Search landscapes");
  const none = element("p", "rv-gallery-none", "No landscape matches.");
  none.hidden = true;
  none.setAttribute("role", "status");
  root.append(search, none);

  const cards = [];
  for (const group of new Set(data.landscapes.map((entry) => entry.group))) {
    const section = element("section");
    section.append(element("h3", "", group));
    const grid = element("div", "rv-gallery-grid");
    for (const entry of data.landscapes.filter((one) => one.group === group)) {
      const card = element("button", "rv-gallery-card");
      card.type = "button";
      card.title = entry.lesson;
      const picture = element("img");
      picture.src = `data:image/png;base64,${entry.picture}`;
      picture.alt = "";
      card.append(picture, element("span", "", entry.name));
      card.onclick = () => setTriggerValue("choice", entry.key);
      grid.append(card);
      cards.push({ card, section, words: `${entry.name} ${entry.group} ${entry.lesson} ${entry.key}`.toLowerCase() });
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
