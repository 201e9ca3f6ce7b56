"""What supervisors do to a floor that works: send agents on a pause, off the floor, to another campaign."""
