"""The pocket player: a walk, and a training run, as one HTML page that needs no server, no network and no gradwalk."""
