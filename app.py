"""Ravine's entry point: page config, warm-up, navigation."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
st.set_page_config(
    page_title="Ravine",
    page_icon=HERE / "pages" / "ui" / "icon.png",  # an icon by name would come from another host's font
    layout="wide",
    menu_items={"About": "Ravine, a loss-landscape lab: race optimizers down a surface and see why they differ."},
)
st.html(HERE / "pages" / "ui" / "page.css")

from pages.scene import preload  # noqa: E402  (what the browser can do meanwhile comes before the imports that take a second)

preload()

from pages.ui.boot import warm_up  # noqa: E402

warm_up()

PAGES = HERE / "pages"
st.navigation(
    [
        st.Page(PAGES / "race.py", title="Race", icon=":material/flag:", default=True),
        st.Page(PAGES / "maps.py", title="Maps", icon=":material/grid_on:", url_path="maps"),
        st.Page(PAGES / "nets.py", title="Nets", icon=":material/hub:", url_path="nets"),
    ],
    position="top",
).run()
