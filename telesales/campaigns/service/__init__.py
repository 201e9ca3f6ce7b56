"""Changing campaigns: what they are (`editing`), what is attached (`attaching`), whether they run (`running`)."""
