"""Pure rules of dialing: data and time in, decisions out."""
