"""What the page of maps is made of: what is chosen, its address, its work, its words."""
