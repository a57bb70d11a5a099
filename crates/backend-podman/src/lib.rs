//! Dev containers on Podman servers through libpod, over whatever Dial carries it.
