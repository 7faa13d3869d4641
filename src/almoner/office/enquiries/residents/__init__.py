"""The monthly look at who lives in a provider's homes: asked of the home, told to the council."""
