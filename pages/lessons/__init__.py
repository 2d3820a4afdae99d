"""What a page can open with, declared: lessons are links, and their words."""
