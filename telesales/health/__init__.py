"""Is every part alive?"""
